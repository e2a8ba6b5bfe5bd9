using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Wire;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Rollouts;

namespace Fleet.Integration.Tests.Gateway;

/// <summary>Whatever form rows come in and results go in, they are the results that the dispatcher gives without HTTP.</summary>
public sealed class RewardsTests : IAsyncLifetime
{
    private const string Lines = "application/x-ndjson";
    private const string Arrow = "application/vnd.apache.arrow.stream";

    private static readonly string[] Domains = ["math_rule", "multiple_choice_boxed", "general_val_rule", "crossthinkqa", "ifeval"];

    private TestGateway _gateway = null!;

    /// <summary>Rows of several domains; some have no id, no domain, or no sense.</summary>
    private static string[] Rows { get; } =
    [
        .. Enumerable.Range(0, 300).Select(i => JsonSerializer.Serialize(new { id = i, domain = "multiple_choice_boxed", response = $"Because of {i}: \\boxed{{{(char)('A' + (i % 4))}}}", ground_truth = "B", group_id = $"g{i / 4}" })),
        .. Enumerable.Range(0, 40).Select(i => JsonSerializer.Serialize(new { id = $"m{i}", domain = "math_rule", prompt = "How many?", response = $"<think>x</think> \\boxed{{{i}}}", ground_truth = $"{i % 10}", global_step = 7 })),
        """{"domain": "general_val_rule", "response": "The answer is C.", "ground_truth": "C"}""",
        """{"id": "tag", "tag": "tag_of_crossthinkqa", "response": "<think>a</think><answer>B</answer>", "ground_truth": "B"}""",
        """{"id": "nowhere", "response": "x"}""",
        """{"id": "unknown", "domain": "maths", "response": "x"}""",
        """{"id": "no gold", "domain": "multiple_choice_boxed", "response": "\\boxed{A}"}""",
        """{"id": "half", "domain": "multiple_choice_boxed", "response": "\ud83d \\boxed{A}", "ground_truth": "A"}""",
        "[1, 2]",
    ];

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync(Domains);

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Json_gives_the_results_of_the_dispatcher_in_order()
    {
        foreach (var body in new[] { $"[{string.Join(',', Rows)}]", $"{{\"step\": 3, \"rows\": [{string.Join(",\n", Rows)}]}}" })
        {
            var answer = await _gateway.AskAsync("/v1/rewards", body);
            Assert.Equal(await ExpectedAsync(), answer!["rows"]!.AsArray().Select(row => Verdict(row!)));
        }
    }

    [Fact]
    public async Task Lines_give_the_same_results_as_they_finish_each_with_its_number()
    {
        using var response = await _gateway.PostAsync("/v1/rewards", string.Join('\n', Rows), Lines);
        Assert.Equal(Lines, response.Content.Headers.ContentType!.MediaType);
        var results = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();

        Assert.Equal(Enumerable.Range(1, Rows.Length), results.Select(row => (int)row["line"]!).Order());
        Assert.Equal(await ExpectedAsync(), results.OrderBy(row => (int)row["line"]!).Select(Verdict));
    }

    [Fact]
    public async Task Lines_can_be_asked_for_in_order_and_answered_as_json()
    {
        using var ordered = await _gateway.PostAsync("/v1/rewards?order=input", string.Join('\n', Rows), Lines);
        Assert.Equal(await ExpectedAsync(), (await ordered.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Verdict(JsonNode.Parse(line)!)));

        using var json = await _gateway.PostAsync("/v1/rewards", string.Join('\n', Rows), Lines, accept: "application/json");
        Assert.Equal(await ExpectedAsync(), JsonNode.Parse(await json.Content.ReadAsStringAsync())!["rows"]!.AsArray().Select(row => Verdict(row!)));
    }

    [Fact]
    public async Task A_line_is_answered_while_the_input_still_flows()
    {
        using var client = await RawClient.ConnectAsync(_gateway.Address);
        await client.SendAsync($"POST /v1/rewards HTTP/1.1\r\nHost: fleet\r\nContent-Type: {Lines}\r\nTransfer-Encoding: chunked\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        await client.SendChunkAsync(Rows[0] + "\n");
        Assert.Contains("\"id\":0,", await client.ReadUntilAsync("}\n\r\n"), StringComparison.Ordinal);
        await client.SendChunkAsync(Rows[1] + "\n");
        Assert.Contains("\"id\":1,", await client.ReadUntilAsync("}\n\r\n"), StringComparison.Ordinal);
        await client.SendChunkAsync("");
        Assert.Equal("0\r\n\r\n", await client.ReadUntilAsync("0\r\n\r\n"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?order=finished")]
    public async Task Json_rows_are_answered_with_the_tensors_of_a_trainer_in_order(string query)
    {
        using var response = await _gateway.PostAsync("/v1/rewards" + query, $"[{string.Join(',', Rows)}]", accept: Arrow);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var batch = BatchReader.Read(await response.Content.ReadAsByteArrayAsync());
        await CheckTensorsAsync(batch);
    }

    [Fact]
    public async Task An_arrow_batch_gives_the_same_results_in_every_form()
    {
        var bytes = BatchWriter.Write(DataProto.Of(
            [new(BatchKeys.Responses, TokenColumn.Of([[1, 2, 3], [4], [5, 6]]))],
            [
                new(BatchKeys.Id, ValueColumn.OfText(["a", "b", "c"])),
                new(BatchKeys.Domain, ValueColumn.OfText(["multiple_choice_boxed", "maths", "multiple_choice_boxed"])),
                new(BatchKeys.ResponseText, ValueColumn.OfText(["\\boxed{A}", "x", "\\boxed{A}"])),
                new(BatchKeys.GroundTruth, ValueColumn.OfText(["A", "A", "B"])),
            ]));

        using var arrow = await _gateway.Http.PostAsync("/v1/rewards", TestGateway.Content(bytes, Arrow));
        var batch = BatchReader.Read(await arrow.Content.ReadAsByteArrayAsync());
        Assert.Equal((double[])[1, double.NaN, 0], Numbers(batch, BatchKeys.Scores));
        Assert.Equal([3, 3], ((Tensor)batch.Batch[BatchKeys.TokenLevelRewards]).Shape);
        Assert.Equal([true, false, true], ((Tensor)batch.Batch[BatchKeys.RewardMask]).Span<bool>().ToArray());
        Assert.Equal(["a", "b", "c"], Enumerable.Range(0, 3).Select(row => batch.NonTensorBatch[BatchKeys.Id].Text(row)));

        using var zero = await _gateway.Http.PostAsync("/v1/rewards?on_unscored=zero", TestGateway.Content(bytes, Arrow));
        Assert.Equal((double[])[1, 0, 0], Numbers(BatchReader.Read(await zero.Content.ReadAsByteArrayAsync()), BatchKeys.Scores));

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/rewards") { Content = TestGateway.Content(bytes, Arrow) };
        request.Headers.Accept.ParseAdd("application/json");
        using var json = await _gateway.Http.SendAsync(request);
        var rows = JsonNode.Parse(await json.Content.ReadAsStringAsync())!["rows"]!.AsArray();
        Assert.Equal(["a scored 1", "b invalid ", "c scored 0"], rows.Select(row => $"{row!["id"]} {row["status"]} {row["score"]}"));
    }

    [Fact]
    public async Task Rows_of_every_domain_are_the_same_as_a_batch()
    {
        // What cannot be read as a row at all has no place in a batch.
        var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', Rows)));
        var rows = new List<Row>();
        await foreach (var row in RolloutReader.ReadAsync(file, int.MaxValue / 2, CancellationToken.None))
        {
            if (row.Problem is null) rows.Add(row);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/rewards") { Content = TestGateway.Content(BatchWriter.Write(RowBatch.Of(rows)), Arrow) };
        request.Headers.Accept.ParseAdd("application/json");
        using var response = await _gateway.Http.SendAsync(request);
        var results = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["rows"]!.AsArray();
        var expected = (await ExpectedAsync()).Where((_, i) => i != Rows.Length - 1).Select(row => JsonNode.Parse(row)!).ToList();

        string[] columns = ["status", "cause", "score", "reward", "reason", "detail"];
        Assert.Equal(expected.Count, results.Count);
        foreach (var column in columns) Assert.Equal(expected.Select(row => row[column]?.ToJsonString()), results.Select(row => row![column]?.ToJsonString()));
    }

    [Fact]
    public async Task A_row_that_no_reader_takes_costs_itself_alone()
    {
        var deep = new string('[', 1000) + new string(']', 1000);
        var rows = (await _gateway.AskAsync("/v1/rewards", $"[{Rows[1]}, {{\"id\": \"deep\", \"response\": \"a\", \"x\": {deep}}}, {{\"id\": \"inner\", \"response\": \"a\", \"messages\": \"{deep[936..1064]}\"}}, {Rows[1]}]"))!["rows"]!.AsArray();
        Assert.Equal(["scored", "invalid", "invalid", "scored"], rows.Select(row => (string?)row!["status"]));
        Assert.All(rows.Skip(1).Take(2), row => Assert.StartsWith("broken_row: ", (string?)row!["reason"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_result_of_a_batch_names_the_domain_of_its_tag()
    {
        var bytes = BatchWriter.Write(DataProto.Of(
            [],
            [new(BatchKeys.Tag, ValueColumn.OfText(["tag_of_math_rule"])), new(BatchKeys.ResponseText, ValueColumn.OfText(["\\boxed{7}"])), new(BatchKeys.GroundTruth, ValueColumn.OfText(["7"]))]));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/rewards") { Content = TestGateway.Content(bytes, Arrow) };
        request.Headers.Accept.ParseAdd("application/json");
        using var response = await _gateway.Http.SendAsync(request);
        var row = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["rows"]![0]!;
        Assert.Equal(("math_rule", 1), ((string?)row["domain"], (double?)row["score"]));
    }

    [Fact]
    public async Task No_rows_are_answered_with_no_results()
    {
        Assert.Empty((await _gateway.AskAsync("/v1/rewards", "[]"))!["rows"]!.AsArray());
        using var lines = await _gateway.PostAsync("/v1/rewards", "", Lines);
        Assert.Equal((HttpStatusCode.OK, ""), (lines.StatusCode, await lines.Content.ReadAsStringAsync()));
    }

    private async Task CheckTensorsAsync(DataProto batch)
    {
        var expected = (await ExpectedAsync()).Select(row => JsonNode.Parse(row)!).ToList();
        Assert.Equal(expected.Select(row => (double?)row["score"] ?? double.NaN), Numbers(batch, BatchKeys.Scores));
        Assert.Equal(expected.Select(row => (double?)row["reward"] ?? double.NaN), Numbers(batch, BatchKeys.ResponseLevelRewards).Select((value, i) => expected[i]["reward"] is null ? value : (double)expected[i]["reward"]!));
        Assert.Equal(expected.Select(row => (string?)row["status"] == "scored"), ((Tensor)batch.Batch[BatchKeys.RewardMask]).Span<bool>().ToArray());
    }

    private static double[] Numbers(DataProto batch, string key) => [.. ((Tensor)batch.Batch[key]).Span<Half>().ToArray().Select(half => (double)half)];

    private async Task<List<string>> ExpectedAsync()
    {
        var results = new List<string>();
        var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', Rows)));
        await foreach (var reward in _gateway.Dispatcher.ScoreAsync(_gateway.Run, RolloutReader.ReadAsync(file, int.MaxValue / 2, CancellationToken.None), new CallOptions(), CancellationToken.None))
        {
            var stream = new MemoryStream();
            using (var json = new Utf8JsonWriter(stream)) RewardWriter.WriteObject(json, reward);
            results.Add(Verdict(JsonNode.Parse(stream.ToArray())!));
        }

        return results;
    }

    private static string Verdict(JsonNode result)
    {
        var row = result.AsObject();
        Assert.True(row.Remove("rank") && row.Remove("ms"));
        row.Remove("line");
        return row.ToJsonString();
    }
}
