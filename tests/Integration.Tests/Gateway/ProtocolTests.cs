using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Gateway;

namespace Fleet.Integration.Tests.Gateway;

/// <summary>The requests of trainers' own clients, byte for byte as those write them, and the answers that they can read.</summary>
public sealed class ProtocolTests : IAsyncLifetime
{
    private const string Unscored = """{"query": ["a \\boxed{A}", "b \\boxed{A}", "c \\boxed{A}"], "prompts": ["a ", "x", "c "], "labels": ["A", "A", null]}""";

    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync(
        ["multiple_choice_boxed", "math_rule", "ifeval", "code_sandbox"], new GatewayOptions { Listen = TestGateway.AnyPort, DefaultDomain = "multiple_choice_boxed" });

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task OpenRlhf_sends_one_sample_with_its_special_tokens()
    {
        var answer = await ReplayAsync(
            "/get_reward",
            "application/json",
            """{"query": ["<|im_start|>user\nWhich? \\boxed{B} is no answer.<|im_end|>\n<|im_start|>assistant\nIt is \\boxed{A}.<|im_end|>"], "prompts": ["<|im_start|>user\nWhich? \\boxed{B} is no answer.<|im_end|>\n<|im_start|>assistant\n"], "labels": ["A"]}""");

        Assert.Equal("[1]", answer["rewards"]!.ToJsonString());
        Assert.Equal("[1]", answer["scores"]!.ToJsonString());
        Assert.All(answer["extra_logs"]!.AsObject(), log => Assert.All(log.Value!.AsArray(), value => Assert.True(value!.GetValue<double>() >= 0)));
    }

    [Fact]
    public async Task OpenRlhf_gets_empty_lists_for_empty_lists()
    {
        var answer = await ReplayAsync("/get_reward", "application/json", """{"query": [], "prompts": [], "labels": []}""");
        Assert.Equal(("[]", "[]"), (answer["rewards"]!.ToJsonString(), answer["scores"]!.ToJsonString()));
        Assert.All(answer["extra_logs"]!.AsObject(), log => Assert.Empty(log.Value!.AsArray()));
    }

    [Fact]
    public async Task OpenRlhf_batches_keep_their_order_and_a_prompt_never_answers()
    {
        var letters = Enumerable.Range(0, 300).Select(i => (char)('A' + (i % 3))).ToArray();
        var body = new JsonObject
        {
            ["query"] = new JsonArray([.. letters.Select((letter, i) => (JsonNode)$"Q{i}: say \\boxed{{B}} or not.\n\\boxed{{{letter}}}</s>")]),
            ["prompts"] = new JsonArray([.. letters.Select((_, i) => (JsonNode)$"Q{i}: say \\boxed{{B}} or not.\n")]),
            ["labels"] = new JsonArray([.. letters.Select(_ => (JsonNode)"B")]),
        };
        var answer = await _gateway.AskAsync("/get_reward", body.ToJsonString());
        Assert.Equal(letters.Select(letter => letter == 'B' ? 1.0 : 0.0), answer!["rewards"]!.AsArray().Select(reward => reward!.GetValue<double>()));
    }

    // NaN is what Python's json module reads as a float; null would be None, of which no tensor can be made.
    [Theory]
    [InlineData("", "[1,NaN,NaN]")]
    [InlineData("?on_unscored=nan", "[1,NaN,NaN]")]
    [InlineData("?on_unscored=zero", "[1,0,0]")]
    public async Task A_row_without_gold_or_with_a_foreign_prompt_has_no_score_and_the_others_stand(string query, string numbers)
    {
        using var response = await _gateway.PostAsync("/get_reward" + query, Unscored);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith($$$"""{"rewards":{{{numbers}}},"scores":{{{numbers}}},"extra_logs":{"scored":[1,0,0],"scoring_ms":[""", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("raise", HttpStatusCode.UnprocessableEntity, "Row 2 has no score: invalid, prompt_not_found")]
    [InlineData("drop_row", HttpStatusCode.BadRequest, "expected is nan, zero or raise")]
    [InlineData("drop_group", HttpStatusCode.BadRequest, "expected is nan, zero or raise")]
    public async Task Who_wants_no_answer_with_such_a_row_gets_none(string policy, HttpStatusCode status, string sentence)
    {
        using var response = await _gateway.PostAsync("/get_reward?on_unscored=" + policy, Unscored);
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(sentence, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slime_gets_one_number()
    {
        const string Sample = """{"prompt": [{"role": "user", "content": "What is 6 times 7?"}], "response": "<think>6 * 7 = 42</think>\\boxed{42}", "label": "42"}""";
        Assert.Equal(1, (await ReplayAsync("/slime/math_rule", "application/json", Sample)).GetValue<double>());
        Assert.Equal(1, (await ReplayAsync("/slime?domain=math_rule", "application/json", Sample)).GetValue<double>());
        Assert.Equal(0, (await ReplayAsync("/slime?domain=math_rule", "application/json", Sample.Replace("boxed{42}", "boxed{41}", StringComparison.Ordinal))).GetValue<double>());

        var answer = await ReplayAsync("/slime/math_rule?form=object", "application/json", Sample);
        Assert.Equal((1, 1, "scored"), (answer["reward"]!.GetValue<double>(), answer["score"]!.GetValue<double>(), (string?)answer["status"]));
    }

    [Theory]
    [InlineData("", "NaN")]
    [InlineData("?on_unscored=zero", "0")]
    [InlineData("?form=object", """{"reward":NaN,"score":NaN,"status":"invalid",""")]
    public async Task Slime_gets_a_number_for_a_row_without_gold_too(string query, string answer)
    {
        using var response = await _gateway.PostAsync("/slime/math_rule" + query, """{"prompt": "p", "response": "\\boxed{7}", "label": null}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith(answer, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<|eot_id|>")]
    [InlineData("<end_of_turn>\\n")]
    [InlineData("")]
    public async Task The_token_that_ended_a_response_is_no_part_of_it(string token)
    {
        const string Label = """{"ground_truth": {"func_name": "validate_end", "end_phrase": "That is all."}}""";
        Assert.Equal(1, (await _gateway.AskAsync("/slime/ifeval", $$"""{"prompt": "p", "response": "Yes. That is all.{{token}}", "label": {{Label}} }"""))!.GetValue<double>());
        var answer = await _gateway.AskAsync("/get_reward/ifeval", $$"""{"query": ["pYes. That is all.{{token}}"], "prompts": ["p"], "labels": [{{Label}}]}""");
        Assert.Equal("[1]", answer!["rewards"]!.ToJsonString());
    }

    [Fact]
    public async Task A_label_may_give_the_columns_of_its_row()
    {
        var answer = await _gateway.AskAsync("/slime", """{"prompt": "p", "response": "\\boxed{7}", "label": "{\"domain\": \"math_rule\", \"ground_truth\": \"7\"}"}""");
        Assert.Equal(1, answer!.GetValue<double>());
        answer = await _gateway.AskAsync("/slime", """{"prompt": "p", "response": "\\boxed{7}", "label": {"tag": "tag_of_math_rule", "ground_truth": "8", "response": "\\boxed{8}"}}""");
        Assert.Equal(0, answer!.GetValue<double>());
    }

    [Fact]
    public async Task A_row_that_cannot_be_scored_now_is_asked_for_again()
    {
        using var response = await _gateway.PostAsync("/slime/math_rule?timeout=0.001", """{"prompt": "p", "response": "\\boxed{7}", "label": "7"}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Verl_gets_what_its_program_did()
    {
        Assert.SkipUnless(File.Exists("/var/run/docker.sock"), "No container engine answers here.");
        var answer = await ReplayAsync(
            "/run_code",
            "application/json",
            """{"compile_timeout": 10, "run_timeout": 10, "code": "print(int(input()) * 2)", "stdin": "21", "memory_limit_MB": 1024, "language": "python", "files": {}, "fetch_files": []}""");
        Assert.Equal(("Success", "Finished", "42\n", 0), ((string?)answer["status"], (string?)answer["run_result"]!["status"], (string?)answer["run_result"]!["stdout"], (int)answer["run_result"]!["return_code"]!));
        Assert.Null(answer["compile_result"]);

        answer = await ReplayAsync("/run_code", "application/json", """{"compile_timeout": 30, "run_timeout": 30, "code": "import sys\nsys.exit(3)", "language": "python3", "stdin": "", "expected_stdout": "s"}""");
        Assert.Equal(("Failed", 3), ((string?)answer["status"], (int)answer["run_result"]!["return_code"]!));
    }

    [Fact]
    public async Task A_request_without_code_is_refused_as_the_original_does()
    {
        using var response = await _gateway.PostAsync("/run_code", """{"language": "python"}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("""{"detail":[{"loc":["body","code"],"msg":"Field required","type":"missing"}]}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("\"pong\"", await _gateway.Http.GetStringAsync("/v1/ping"));
    }

    [Fact]
    public async Task A_request_that_is_larger_than_a_row_may_be_is_refused_as_the_original_does()
    {
        using var response = await _gateway.PostAsync("/run_code", $$"""{"language": "python", "code": "{{new string('#', 4 * 1024 * 1024)}}"}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("""{"detail":[{"loc":["body"],"msg":"Body should have at most 4,194,304 bytes","type":"too_long"}]}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/slime?domain=maths", """{"prompt": "p", "response": "r", "label": "l"}""")]
    [InlineData("/slime", """{"prompt": "p", "label": "l"}""")]
    [InlineData("/slime?form=xml", """{"prompt": "p", "response": "r", "label": "l"}""")]
    [InlineData("/get_reward", """{"prompts": []}""")]
    [InlineData("/get_reward", """{"query": ["a"], "prompts": [], "labels": []}""")]
    [InlineData("/get_reward", "[1]")]
    [InlineData("/get_reward", "{")]
    public async Task A_request_that_cannot_be_meant_is_400(string path, string body)
    {
        using var response = await _gateway.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    /// <summary>Writes the request to a socket as it stands, as aiohttp and requests do it, and reads the answer's JSON.</summary>
    private async Task<JsonNode> ReplayAsync(string path, string type, string body)
    {
        using var client = await RawClient.ConnectAsync(_gateway.Address);
        await client.SendAsync(
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{_gateway.Address.Port}\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\nUser-Agent: Python/3.11 aiohttp/3.8.4\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nContent-Type: {type}\r\nConnection: close\r\n\r\n{body}");
        var answer = await client.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        var content = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        if (answer.Contains("Transfer-Encoding: chunked", StringComparison.Ordinal)) content = Unchunk(content);
        return JsonNode.Parse(content)!;
    }

    private static string Unchunk(string content)
    {
        var whole = new StringBuilder();
        while (true)
        {
            var line = content.IndexOf("\r\n", StringComparison.Ordinal);
            var length = Convert.ToInt32(content[..line], 16);
            if (length == 0) return whole.ToString();
            whole.Append(content.AsSpan(line + 2, length));
            content = content[(line + 2 + length + 2)..];
        }
    }
}
