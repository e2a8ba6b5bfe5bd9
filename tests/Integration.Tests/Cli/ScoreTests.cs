using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Wire;
using Fleet.QueueContract.Tests;

namespace Fleet.Integration.Tests.Cli;

/// <summary>The same rows get the same results wherever they are scored.</summary>
public sealed class ScoreTests(RabbitMqServer broker) : IClassFixture<RabbitMqServer>, IDisposable
{
    private const int Rows = 3000;

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Worker_processes_that_die_and_join_change_nothing_but_rank_and_time()
    {
        var lines = Enumerable.Range(0, Rows).Select(Line).ToArray();
        var file = Path.Combine(_folder, "rows.jsonl");
        await File.WriteAllLinesAsync(file, lines);
        var (_, embedded, _) = await FleetProcess.RunAsync("score", file);

        var url = broker.Url.ToString();
        string[] worker = ["worker", "--domain", "multiple_choice_boxed", "--broker", url];
        await using var dying = FleetProcess.Start(worker);
        await using var staying = FleetProcess.Start(worker);
        await dying.WaitForAsync("serving as rank");
        await staying.WaitForAsync("serving as rank");
        await using var score = FleetProcess.Start("score", "-", "--broker", url);
        var output = ReadAsync(score);
        foreach (var line in lines.Take(Rows / 2)) await score.Input.WriteLineAsync(line);
        await score.Input.FlushAsync();

        dying.Kill();
        await using var joining = FleetProcess.Start(worker);
        await joining.WaitForAsync("serving as rank");
        foreach (var line in lines.Skip(Rows / 2)) await score.Input.WriteLineAsync(line);
        score.Input.Close();

        var fleet = await output.WaitAsync(FleetProcess.Patience);
        Assert.Equal(0, await score.ExitAsync());
        Assert.Equal(Rows, embedded.Length);
        Assert.Equal(embedded.Select(Verdict), fleet.Select(Verdict));
    }

    [Fact]
    public async Task Tensors_are_one_batch_as_a_trainer_gets_it()
    {
        var (rows, tensors) = (Path.Combine(_folder, "rows.jsonl"), Path.Combine(_folder, "rewards.arrow"));
        await File.WriteAllLinesAsync(rows,
        [
            """{"id": "a", "domain": "multiple_choice_boxed", "response": "\\boxed{A}", "response_ids": [1, 2, 3, 4], "ground_truth": "A"}""",
            """{"id": "b", "domain": "multiple_choice_boxed", "response": "\\boxed{B}", "response_ids": [1, 2], "ground_truth": "A"}""",
            """{"id": "c", "domain": "no_such_domain", "response": "x", "response_ids": [5]}""",
        ]);

        var (exit, _, errors) = await FleetProcess.RunAsync("score", rows, "--tensors", tensors);

        Assert.True(exit == 0, errors);
        var batch = BatchReader.Read(await File.ReadAllBytesAsync(tensors));
        var tokens = (Tensor)batch.Batch[BatchKeys.TokenLevelRewards];
        Assert.Equal(DType.Float16, tokens.DType);
        Assert.Equal([3, 4], tokens.Shape);
        var scores = ((Tensor)batch.Batch[BatchKeys.Scores]).Span<Half>();
        Assert.Equal(((Half)1, (Half)0, true), (scores[0], scores[1], Half.IsNaN(scores[2])));
        Assert.Equal([true, true, false], ((Tensor)batch.Batch[BatchKeys.RewardMask]).Span<bool>().ToArray());
        Assert.Equal(["a", "b", "c"], Enumerable.Range(0, 3).Select(row => batch.NonTensorBatch[BatchKeys.Id].Text(row)));
    }

    private static string Line(int row) => JsonSerializer.Serialize(new
    {
        id = row,
        domain = row % 50 == 7 ? "no_such_domain" : "multiple_choice_boxed",
        response = $"Because of {row}, \\boxed{{{(char)('A' + (row % 4))}}}",
        ground_truth = "B",
    });

    private static async Task<List<string>> ReadAsync(FleetProcess score)
    {
        var lines = new List<string>();
        while (await score.Output.ReadLineAsync() is { } line) lines.Add(line);
        return lines;
    }

    private static string Verdict(string line)
    {
        var result = JsonNode.Parse(line)!.AsObject();
        Assert.True(result.Remove("rank") && result.Remove("ms"));
        return result.ToJsonString();
    }
}
