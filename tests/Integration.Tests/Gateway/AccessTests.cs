using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Gateway;
using Fleet.Gateway.Access;

namespace Fleet.Integration.Tests.Gateway;

/// <summary>Who is let in, how much is taken on, and how every refusal is said.</summary>
public sealed class AccessTests
{
    private const string Key = "a-long-enough-key";
    private const string OneRow = """[{"id": 1, "domain": "multiple_choice_boxed", "response": "\\boxed{A}", "ground_truth": "A"}]""";

    private static readonly string[] Domains = ["multiple_choice_boxed"];

    [Fact]
    public async Task Without_the_key_only_the_health_is_told_and_only_in_one_word()
    {
        await using var gateway = await TestGateway.StartAsync(Domains, new GatewayOptions { Listen = TestGateway.AnyPort, Keys = ApiKeys.Load(null, Key) });

        using var refused = await gateway.PostAsync("/v1/rewards", OneRow);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
        await CheckProblemAsync(refused, 401, "no_key");
        foreach (var path in new[] { "/v1/ranks", "/metrics", "/nowhere" }) Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.Http.GetAsync(path)).StatusCode);
        using var wrong = await gateway.PostAsync("/v1/rewards", OneRow, key: Key + "x");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal("""{"status":"ok"}""", await gateway.Http.GetStringAsync("/v1/health"));
    }

    [Theory]
    [InlineData("Authorization", "Bearer " + Key)]
    [InlineData("Authorization", "bearer " + Key)]
    [InlineData("X-API-Key", Key)]
    [InlineData("Authorization", "Basic")]
    public async Task The_key_is_known_as_token_as_header_and_as_the_password_of_an_address(string header, string value)
    {
        await using var gateway = await TestGateway.StartAsync(Domains, new GatewayOptions { Listen = TestGateway.AnyPort, Keys = ApiKeys.Load(null, Key) });
        if (value == "Basic") value = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("any:" + Key));
        gateway.Http.DefaultRequestHeaders.TryAddWithoutValidation(header, value);

        Assert.Equal(1, (await gateway.AskAsync("/v1/rewards", OneRow))!["rows"]![0]!["score"]!.GetValue<double>());
        Assert.Equal("1", JsonNode.Parse(await gateway.Http.GetStringAsync("/v1/health"))!["workers"]!["multiple_choice_boxed"]!.ToJsonString());
    }

    [Fact]
    public void An_address_that_others_reach_needs_a_key()
    {
        var refused = Assert.Throws<FleetException>(() => new GatewayOptions { Listen = new IPEndPoint(IPAddress.Any, 8080) }.Check());
        Assert.Equal(
            "The gateway does not listen on 0.0.0.0:8080 without an API key, because everybody who reaches that address could use the fleet; set FLEET_API_KEY or --api-key-file, or listen on 127.0.0.1.",
            refused.Message);
        new GatewayOptions { Listen = new IPEndPoint(IPAddress.Any, 8080), Keys = ApiKeys.Load(null, Key) }.Check();
    }

    [Fact]
    public void A_key_file_holds_one_key_a_line_and_no_short_ones()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"# two keys\n{Key}\n\n  another-key  \n");
            var keys = ApiKeys.Load(file, "one-of-the-environment");
            Assert.True(keys.Has(Key) && keys.Has("another-key") && keys.Has("one-of-the-environment"));
            Assert.False(keys.Has("# two keys") || keys.Has(""));
            File.WriteAllText(file, "short");
            Assert.Throws<FleetException>(() => ApiKeys.Load(file, null));
            File.WriteAllText(file, "\n");
            Assert.Throws<FleetException>(() => ApiKeys.Load(file, null));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_whether_its_length_is_told_or_not()
    {
        await using var gateway = await TestGateway.StartAsync(Domains, new GatewayOptions { Listen = TestGateway.AnyPort, MaxBodyBytes = 4096 });
        var large = $"[\"{new string('x', 5000)}\"]";
        using var told = await gateway.PostAsync("/v1/rewards", large);
        await CheckProblemAsync(told, 413, "too_large");

        using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync("POST /v1/rewards HTTP/1.1\r\nHost: fleet\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        await client.SendChunkAsync(large);
        Assert.StartsWith("HTTP/1.1 413 ", await client.ReadUntilAsync("}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_over_the_limit_is_invalid_and_no_other()
    {
        await using var gateway = await TestGateway.StartAsync(Domains, dispatcher: new Dispatcher.DispatcherOptions { MaxRowBytes = 2000 });
        var rows = (await gateway.AskAsync("/v1/rewards", $"[{{\"id\": 0, \"domain\": \"multiple_choice_boxed\", \"response\": \"{new string('x', 3000)}\"}}, {OneRow[1..]}"))!["rows"]!;
        Assert.StartsWith("row_too_large", (string?)rows[0]!["reason"], StringComparison.Ordinal);
        Assert.Equal(1, rows[1]!["score"]!.GetValue<double>());
    }

    [Fact]
    public async Task A_full_gateway_says_when_to_come_back_and_lets_in_who_does()
    {
        await using var gateway = await TestGateway.StartAsync(Domains, new GatewayOptions { Listen = TestGateway.AnyPort, MaxRequests = 1, RetryAfter = TimeSpan.FromSeconds(3) });
        using (var holding = await RawClient.ConnectAsync(gateway.Address))
        {
            await holding.SendAsync("POST /v1/rewards HTTP/1.1\r\nHost: fleet\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
            await holding.ReadUntilAsync("\r\n\r\n");

            using var full = await gateway.PostAsync("/v1/rewards", OneRow);
            await CheckProblemAsync(full, 429, "full");
            Assert.Equal(TimeSpan.FromSeconds(3), full.Headers.RetryAfter!.Delta);
            // verl asks again after this status and after no other.
            using var code = await gateway.PostAsync("/run_code", """{"code": "", "language": "python"}""");
            await CheckProblemAsync(code, 504, "late");
            Assert.Equal(HttpStatusCode.OK, (await gateway.Http.GetAsync("/v1/health")).StatusCode);
            holding.Cut();
        }

        HttpStatusCode last;
        var deadline = Environment.TickCount64 + (long)TestGateway.Patience.TotalMilliseconds;
        do
        {
            using var again = await gateway.PostAsync("/v1/rewards", OneRow);
            last = again.StatusCode;
        }
        while (last == HttpStatusCode.TooManyRequests && Environment.TickCount64 < deadline);
        Assert.Equal(HttpStatusCode.OK, last);
    }

    [Theory]
    [InlineData("POST", "/v1/rewards", "application/json", "{", 400, "bad_request")]
    [InlineData("POST", "/v1/rewards", "application/json", "{\"row\": []}", 400, "bad_request")]
    [InlineData("POST", "/v1/rewards", "application/json", "7", 400, "bad_request")]
    [InlineData("POST", "/v1/rewards", "application/vnd.apache.arrow.stream", "arrow", 400, "bad_request")]
    [InlineData("POST", "/v1/rewards", "text/csv", "a,b", 415, "wrong_type")]
    [InlineData("POST", "/v1/rewards?timeout=soon", "application/json", "[]", 400, "bad_request")]
    [InlineData("POST", "/v1/rewards?order=random", "application/json", "[]", 400, "bad_request")]
    [InlineData("GET", "/v1/rewards", null, "", 405, "method_not_allowed")]
    [InlineData("GET", "/nowhere", null, "", 404, "not_found")]
    public async Task Every_refusal_is_a_problem_document(string method, string path, string? type, string body, int status, string code)
    {
        await using var gateway = await TestGateway.StartAsync(Domains);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (type is not null) request.Content = TestGateway.Content(Encoding.UTF8.GetBytes(body), type);
        using var response = await gateway.Http.SendAsync(request);
        await CheckProblemAsync(response, status, code);
    }

    [Fact]
    public async Task An_answer_that_nobody_can_give_is_406()
    {
        await using var gateway = await TestGateway.StartAsync(Domains);
        using var response = await gateway.PostAsync("/v1/rewards", OneRow, accept: "text/html");
        await CheckProblemAsync(response, 406, "not_acceptable");
        using var browser = await gateway.PostAsync("/v1/rewards", OneRow, accept: "text/html, */*;q=0.1");
        Assert.Equal(HttpStatusCode.OK, browser.StatusCode);
    }

    [Fact]
    public async Task Health_is_503_without_a_worker_and_ranks_and_metrics_tell_who_lives()
    {
        await using (var empty = await TestGateway.StartAsync([]))
        {
            using var response = await empty.Http.GetAsync("/v1/health");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal("unavailable", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["status"]);
        }

        await using var gateway = await TestGateway.StartAsync(Domains);
        await gateway.AskAsync("/v1/rewards", OneRow);
        var rank = JsonNode.Parse(await gateway.Http.GetStringAsync("/v1/ranks"))!["ranks"]!.AsArray().Single()!;
        Assert.Equal(("multiple_choice_boxed", 0, "live"), ((string?)rank["domain"], (int)rank["rank"]!, (string?)rank["state"]));
        var metrics = await gateway.Http.GetStringAsync("/metrics");
        Assert.Contains("fleet_workers{", metrics, StringComparison.Ordinal);
        Assert.Contains("fleet_requests_total{", metrics, StringComparison.Ordinal);
        Assert.Contains("fleet_rows_total{", metrics, StringComparison.Ordinal);
    }

    private static async Task CheckProblemAsync(HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} {text}");
        Assert.Equal(new MediaTypeHeaderValue("application/problem+json"), response.Content.Headers.ContentType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal((status, code, "urn:fleet:problem:" + code), ((int)problem["status"]!, (string?)problem["code"], (string?)problem["type"]));
        Assert.NotEmpty((string?)problem["detail"] ?? "");
        Assert.NotEmpty((string?)problem["title"] ?? "");
    }
}
