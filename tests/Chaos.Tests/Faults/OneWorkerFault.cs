using Fleet.Chaos.Tests.Harness;
using Fleet.Dispatcher;
using Fleet.Integration.Tests.Cli;

namespace Fleet.Chaos.Tests.Faults;

/// <summary>A busy fleet of three workers of which one is hit for a while: what happens to its parts, and to it.</summary>
internal sealed class OneWorkerFault(ChaosBroker broker, string fault, TestFolder folder)
{
    private const double DelayMs = 5;
    private const int PartRows = 32;
    private const int Slots = 2;
    private const int Workers = 3;

    // More than the others do in ten seconds, so that a part that goes behind all others comes too late.
    private static readonly int InFlight = Length.Of(4_000, 7_000);

    // In hand and prefetched, of all workers and for both of their queues, and as much again.
    private const int Normal = Workers * Slots * 4 * PartRows * 2;

    /// <summary>Runs a fleet into the fault and out of it.</summary>
    /// <param name="through">The way of the worker that is hit to the broker; null for that of all.</param>
    /// <param name="more">Further lines of the configuration.</param>
    /// <param name="hit">Begins the fault.</param>
    /// <param name="heal">Ends it.</param>
    /// <param name="lasting">How long it lasts.</param>
    /// <param name="healed">What must have happened to the worker some time after that.</param>
    /// <returns>Replies that came when nobody waited for them any more.</returns>
    public async Task<long> RunAsync(Func<Uri, Uri>? through, string more, Func<FleetProcess, Task> hit, Func<FleetProcess, Task> heal, TimeSpan lasting, Func<FleetProcess, Task> healed)
    {
        await using var space = await broker.OpenSpaceAsync();
        var config = ChaosConfig.Write(folder.Path, DelayMs, PartRows, Slots, more);
        await using var workers = await WorkerProcesses.StartAsync(Workers - 1, space.Url, config);
        var victim = workers.Start(through?.Invoke(space.Url));
        await workers.ServingAsync(victim);
        await using var user = await FleetUser.StartAsync(space.Url, new DispatcherOptions { MaxPartRows = PartRows }, FleetUser.Blocks(DelayMs));
        await user.WaitForWorkersAsync(Workers);

        // Rows come for as long as the fault lasts and some time more, and there is always a queue.
        var rows = ChaosRows.Lines(Length.Of(20_000, 90_000));
        var arrivals = new ArrivalLog();
        using var enough = new CancellationTokenSource();
        var asked = 0;
        IEnumerable<string> Ask()
        {
            for (; asked < rows.Length && !enough.IsCancellationRequested; asked++) yield return rows[asked];
        }

        var scoring = user.ScoreAsync(Ask().ToAsyncEnumerable(), arrivals, new CallOptions { InOrder = false, MaxRowsInFlight = InFlight });
        // Until parts are sent one by one as others come back, they do not go in the order of the rows.
        while (arrivals.Count < InFlight + 500 && !scoring.IsCompleted) await Task.Delay(TimeSpan.FromMilliseconds(50));
        var before = arrivals.Now;
        await hit(victim);
        await Task.Delay(lasting);
        await heal(victim);
        var after = arrivals.Now;
        await Task.Delay(TimeSpan.FromSeconds(1));
        await healed(victim);
        await user.WaitForWorkersAsync(Workers);
        var joined = arrivals.Now;
        await Task.Delay(TimeSpan.FromSeconds(1));
        await enough.CancelAsync();
        await scoring.WaitAsync(FleetUser.Patience);

        ChaosRows.AssertCalm(await ChaosRows.CalmAsync(asked), arrivals.Output());
        var late = Late(arrivals.All, before, after);
        ChaosReport.Add(fault, $"{asked:N0} rows equal to the calm run; replies that came late and were dropped", user.RepliesDropped, "replies");
        ChaosReport.Add(fault, $"its {late.Count:N0} rows done elsewhere, the last after", late.Count == 0 ? 0 : late.Max() - before, "s");
        ChaosReport.Add(fault, "the worker works again, after its end", joined - after, "s");
        Assert.NotEmpty(late);
        Assert.True(late.Max() - before <= Length.AtMost(10), $"The last part of the worker was done {late.Max() - before:0.0} s after the fault began.");
        return user.RepliesDropped;
    }

    // The queue is first in, first out; so a row that many later ones overtook was in the hands, or in the buffer, of the worker that was hit.
    private static List<double> Late(IReadOnlyList<Arrival> arrivals, double before, double after)
    {
        var late = new List<double>();
        var highest = 0L;
        foreach (var arrival in arrivals)
        {
            if (arrival.Came > before && arrival.Came < after + 60 && arrival.Asked < before && arrival.Row < highest - Normal && arrival.Reward.Domain == ChaosConfig.Paced) late.Add(arrival.Came);
            if (arrival.Reward.Domain == ChaosConfig.Paced) highest = Math.Max(highest, arrival.Row);
        }

        return late;
    }
}
