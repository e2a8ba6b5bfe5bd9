using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Conformance.Tests;
using Fleet.Contracts.Wire;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Rollouts;
using Fleet.Integration.Tests.Gateway;
using Fleet.Unit.Tests.Dispatcher.Rollouts.Columnar;

namespace Fleet.Integration.Tests.Formats;

/// <summary>Real rollouts of several domains get the same results whatever form they come in.</summary>
public sealed class MixedRowsTests : IAsyncLifetime
{
    private const string Arrow = "application/vnd.apache.arrow.stream";

    // Rows with code and rows for a judge take their time and are scored elsewhere.
    private static readonly string[] Domains = ["math_rule", "multiple_choice_boxed", "general_val_rule", "crossthinkqa", "ifeval"];

    private static readonly string[] Texts = ["id", "domain", "tag", "group_id", "prompt", "response", "ground_truth", "case_type"];

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet").FullName;
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync(Domains);

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Parquet_arrow_and_arrow_over_http_score_as_lines_do()
    {
        var lines = LabelledCases.Read("../rollouts/mixed-dev.jsonl").Where(row => Domains.Contains(row.GetProperty("domain").GetString())).Select(row => row.GetRawText()).ToList();
        var (jsonl, parquet, file, stream) = (Name("rows.jsonl"), Name("rows.parquet"), Name("file.arrow"), Name("stream.arrow"));
        await File.WriteAllLinesAsync(jsonl, lines);
        var table = Table(lines);
        await using (var target = File.Create(parquet)) await ParquetSample.WriteAsync(table, target, groupRows: 500);
        await using (var target = File.Create(file)) ArrowSample.Write(table, target, new ArrowStyle(IsFile: true, HasDictionaries: true));
        await using (var target = File.Create(stream)) ArrowSample.Write(table, target, new ArrowStyle(IsLarge: true, BatchRows: 300));

        var expected = await ScoreAsync(jsonl);

        Assert.Equal(lines.Count, expected.Count);
        foreach (var path in new[] { parquet, file, stream }) Assert.Equal(expected, await ScoreAsync(path));
        Assert.Equal(expected.Select(Verdict), await AskAsync(jsonl));
    }

    private static SampleTable Table(IEnumerable<string> lines)
    {
        var message = SampleType.StructOf(("role", SampleType.Text), ("content", SampleType.Text));
        List<(string, SampleType)> columns = [.. Texts.Select(name => (name, SampleType.Text)), ("label", SampleType.Real), ("messages", SampleType.ListOf(message)), ("test_cases", SampleType.Text)];
        return new SampleTable(columns, [.. lines.Select(line =>
        {
            var row = JsonNode.Parse(line)!.AsObject();
            row["test_cases"] = row["test_cases"]!.ToJsonString();
            return row;
        })]);
    }

    private async Task<List<string>> ScoreAsync(string path)
    {
        await using var file = await RolloutFile.OpenAsync(path, CancellationToken.None);
        var results = new List<string>();
        await foreach (var reward in _gateway.Dispatcher.ScoreAsync(_gateway.Run, file.ReadAsync(1 << 22, CancellationToken.None), new CallOptions(), CancellationToken.None))
        {
            var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer)) RewardWriter.WriteObject(json, reward);
            var result = JsonNode.Parse(buffer.ToArray())!.AsObject();
            Assert.True(result.Remove("rank") && result.Remove("ms"));
            results.Add(result.ToJsonString());
        }

        return results;
    }

    private async Task<List<string>> AskAsync(string jsonl)
    {
        await using var file = await RolloutFile.OpenAsync(jsonl, CancellationToken.None);
        var rows = new List<Row>();
        await foreach (var row in file.ReadAsync(1 << 22, CancellationToken.None)) rows.Add(row);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/rewards") { Content = TestGateway.Content(BatchWriter.Write(RowBatch.Of(rows)), Arrow) };
        request.Headers.Accept.ParseAdd("application/json");
        using var response = await _gateway.Http.SendAsync(request);
        return [.. JsonNode.Parse(await response.Content.ReadAsStringAsync())!["rows"]!.AsArray().Select(row => Verdict(row!.ToJsonString()))];
    }

    // What a result says of its row, its name apart.
    private static string Verdict(string result)
    {
        var row = JsonNode.Parse(result)!;
        var verdict = new StringBuilder();
        foreach (var column in (string[])["id", "status", "cause", "score", "reward", "reason", "detail"]) verdict.Append(row[column]?.ToJsonString()).Append('\n');
        return verdict.ToString();
    }

    private string Name(string name) => Path.Combine(_folder, name);
}
