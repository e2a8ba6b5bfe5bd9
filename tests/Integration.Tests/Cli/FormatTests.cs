using System.Text.Json.Nodes;
using Fleet.Unit.Tests.Dispatcher.Rollouts.Columnar;

namespace Fleet.Integration.Tests.Cli;

/// <summary>The command with files of columns: the same results, the same exit codes, gone on with and explained as lines are.</summary>
public sealed class FormatTests : IDisposable
{
    private static readonly SampleTable Table = new(
        [
            ("id", SampleType.Whole), ("data_source", SampleType.Text), ("prompt", SampleType.ListOf(SampleType.StructOf(("role", SampleType.Text), ("content", SampleType.Text)))),
            ("response", SampleType.Text), ("reward_model", SampleType.StructOf(("style", SampleType.Text), ("ground_truth", SampleType.Text))), ("extra_info", SampleType.StructOf(("domain", SampleType.Text))),
        ],
        [.. Enumerable.Range(0, 30).Select(i => JsonNode.Parse($$$"""
            {"id": {{{i}}}, "data_source": "any", "prompt": [{"role": "user", "content": "Which?"}], "response": "\\boxed{ {{{(char)('A' + (i % 3))}}} }",
             "reward_model": {"style": "rule", "ground_truth": "B"}, "extra_info": {"domain": "{{{(i % 7 == 3 ? "none" : "multiple_choice_boxed")}}}"}}
            """)!.AsObject())]);

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_trainers_files_are_scored_in_every_format_and_gone_on_with()
    {
        var (jsonl, parquet, arrow, output) = (Name("rows.jsonl"), Name("rows.parquet"), Name("rows.arrow"), Name("out.jsonl"));
        await File.WriteAllLinesAsync(jsonl, Table.Lines);
        await using (var file = File.Create(parquet)) await ParquetSample.WriteAsync(Table, file, groupRows: 8);
        await using (var file = File.Create(arrow)) ArrowSample.Write(Table, file, new ArrowStyle(BatchRows: 8));

        var (exit, lines, errors) = await FleetProcess.RunAsync("score", jsonl);
        var expected = lines.Select(Verdict).ToList();
        Assert.True(exit == 0, errors);
        Assert.Equal(30, expected.Count);
        foreach (var path in new[] { parquet, arrow })
        {
            (exit, lines, errors) = await FleetProcess.RunAsync("score", path);
            Assert.True(exit == 0, errors);
            Assert.Equal(expected, lines.Select(Verdict));
        }

        // The results of a run that was killed after 11 rows.
        await File.WriteAllLinesAsync(output, lines.Take(11));
        (exit, _, errors) = await FleetProcess.RunAsync("score", parquet, "-o", output, "--resume");
        Assert.True(exit == 0, errors);
        Assert.Equal(expected, (await File.ReadAllLinesAsync(output)).Select(Verdict));

        (exit, lines, errors) = await FleetProcess.RunAsync("explain", "--row", $"{parquet}:2");
        Assert.True(exit == 0, errors);
        Assert.Contains(lines, line => line.Contains("scored", StringComparison.Ordinal));
        (exit, _, errors) = await FleetProcess.RunAsync("explain", "--row", $"{arrow}:31");
        Assert.Equal(2, exit);
        Assert.Contains("has no row 31", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rows.parquet")]
    [InlineData("rows.arrow")]
    public async Task A_file_that_is_none_is_one_sentence_and_exit_code_2(string name)
    {
        await File.WriteAllLinesAsync(Name(name), Table.Lines);

        var (exit, output, errors) = await FleetProcess.RunAsync("score", Name(name));

        Assert.Equal(2, exit);
        Assert.Empty(output);
        Assert.Contains("it begins with '{\"id\":0", errors, StringComparison.Ordinal);
    }

    private string Name(string name) => Path.Combine(_folder, name);

    private static string Verdict(string line)
    {
        var result = JsonNode.Parse(line)!.AsObject();
        Assert.True(result.Remove("rank") && result.Remove("ms"));
        return result.ToJsonString();
    }
}
