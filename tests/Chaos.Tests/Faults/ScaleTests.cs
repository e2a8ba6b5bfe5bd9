using System.Globalization;
using Fleet.Chaos.Tests.Harness;
using Fleet.Dispatcher;

namespace Fleet.Chaos.Tests.Faults;

/// <summary>A fleet that grows and shrinks during a call.</summary>
public sealed class ScaleTests(ChaosBroker broker) : IDisposable
{
    private const string Fault = "1 to 4 to 1 workers during a call";

    // Long beside what a row costs the processors, so that waiting workers are the limit and not the machine.
    private const double DelayMs = 20;
    private const int InFlight = 600;

    private static readonly TimeSpan Phase = Length.Seconds(4, 20);
    private static readonly TimeSpan Bin = Length.Seconds(1, 2);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_rate_follows_the_number_of_workers_and_no_row_is_lost()
    {
        _ = Length.Random(Fault);
        await using var space = await broker.OpenSpaceAsync();
        var config = ChaosConfig.Write(_folder.Path, DelayMs, partRows: 16);
        await using var workers = await WorkerProcesses.StartAsync(1, space.Url, config);
        await using var user = await FleetUser.StartAsync(space.Url, new DispatcherOptions { MaxPartRows = 16, MaxRowsInFlight = InFlight }, FleetUser.Blocks(DelayMs));
        await user.WaitForWorkersAsync(1);
        var rows = ChaosRows.Lines(Length.Of(16_000, 60_000));
        using var enough = new CancellationTokenSource();
        var asked = 0;
        IEnumerable<string> Ask()
        {
            for (; asked < rows.Length && !enough.IsCancellationRequested; asked++) yield return rows[asked];
        }

        var arrivals = new ArrivalLog();
        var scoring = user.ScoreAsync(Ask().ToAsyncEnumerable(), arrivals);
        // The cheap rows of those that are in flight at first come at once.
        while (arrivals.Count < InFlight) await Task.Delay(TimeSpan.FromMilliseconds(20));
        var (begun, one) = (arrivals.Now, await StayAsync(arrivals));
        var joining = Enumerable.Range(0, 3).Select(_ => workers.Start()).ToList();
        await Task.WhenAll(joining.Select(workers.ServingAsync));
        await user.WaitForWorkersAsync(4);
        var before = arrivals.Count;
        var four = await StayAsync(arrivals);
        var joined = arrivals.All.Skip(before).Select(arrival => arrival.Reward.Rank).OfType<int>().Distinct().Count();
        foreach (var worker in joining) Signals.Send(worker.Id, Signals.Terminate);
        foreach (var worker in joining) Assert.Equal(0, await worker.ExitAsync());
        var again = await StayAsync(arrivals);
        await enough.CancelAsync();
        await scoring.WaitAsync(FleetUser.Patience);

        ChaosRows.AssertCalm(await ChaosRows.CalmAsync(asked), arrivals.Output());
        var curve = arrivals.All.GroupBy(arrival => (int)((arrival.Came - begun) / Bin.TotalSeconds)).OrderBy(bin => bin.Key).Select(bin => (bin.Count() / Bin.TotalSeconds).ToString("0", CultureInfo.InvariantCulture));
        ChaosReport.Add(Fault, "rows/s with 1, 4, 1 workers", string.Create(CultureInfo.InvariantCulture, $"{one:0}, {four:0}, {again:0}; {asked:N0} rows equal to the calm run"));
        ChaosReport.Add(Fault, $"rows/s every {Bin.TotalSeconds:0} s", string.Join(" ", curve));
        // Everybody who joined worked; how much faster that is, is a question of the machine, and of what else it does.
        Assert.True(joined >= 4, $"{joined} workers scored rows while four were there.");
        if (!Length.IsFull) return;
        Assert.True(four > 2 * one, $"One worker did {one:0} rows/s and four did {four:0}.");
        Assert.True(again < four / 2, $"Four workers did {four:0} rows/s and one did {again:0}.");
    }

    private static async Task<double> StayAsync(ArrivalLog arrivals)
    {
        var (since, count) = (arrivals.Now, arrivals.Count);
        await Task.Delay(Phase);
        return (arrivals.Count - count) / (arrivals.Now - since);
    }
}
