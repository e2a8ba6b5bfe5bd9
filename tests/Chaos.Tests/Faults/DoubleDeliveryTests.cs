using Fleet.Chaos.Tests.Harness;
using Fleet.Integration.Tests.Cli;

namespace Fleet.Chaos.Tests.Faults;

/// <summary>A broker that delivers everything twice.</summary>
public sealed class DoubleDeliveryTests(ChaosBroker broker) : IDisposable
{
    private const string Fault = "every command and every reply twice";
    private static readonly int Rows = Length.Of(2_000, 20_000);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Commands_and_replies_delivered_twice_change_no_row()
    {
        _ = Length.Random(Fault);
        var calm = await ChaosRows.CalmAsync(Rows);
        await using var space = await broker.OpenSpaceAsync();
        var config = ChaosConfig.Write(_folder.Path, delayMs: 1, partRows: 32);
        await using var workers = await WorkerProcesses.StartAsync(2, space.Url, config);
        await using var tap = await DoublingTap.OpenAsync(space.Url, ChaosConfig.Domains.Split(','));
        var input = _folder.File("rows.jsonl");
        await File.WriteAllLinesAsync(input, ChaosRows.Lines(Rows));

        var (exit, output, errors) = await FleetProcess.RunAsync("score", input, "--broker", space.Url.ToString(), "--config", config, "--max-unscored", "100");

        Assert.True(exit == 0, errors);
        ChaosRows.AssertCalm(calm, output);
        ChaosReport.Add(Fault, $"{Rows:N0} rows equal to the calm run; commands and replies doubled", $"{tap.Commands:N0} and {tap.Replies:N0}");
        Assert.True(tap.Commands >= Rows / 32, $"Only {tap.Commands} commands were doubled.");
        Assert.True(tap.Replies >= tap.Commands, $"Only {tap.Replies} replies were doubled.");
    }
}
