using System.Diagnostics;
using Fleet.Chaos.Tests.Harness;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Names;
using Fleet.Dispatcher;
using Fleet.Integration.Tests.Cli;
using RabbitMQ.Client;

namespace Fleet.Chaos.Tests.Faults;

/// <summary>A large call that is cancelled while nearly all of it is queued.</summary>
public sealed class CancelTests(ChaosBroker broker) : IDisposable
{
    private const string Fault = "a large call cancelled";
    private const double DelayMs = 5;
    private const int Workers = 2;
    private static readonly int Rows = Length.Of(20_000, 100_000);
    private static readonly string Limits = $"limits:\n  max_rows_in_flight: {Rows}";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_an_interrupt_the_queues_are_empty_and_the_workers_idle_within_two_seconds()
    {
        await using var space = await broker.OpenSpaceAsync();
        var config = ChaosConfig.Write(_folder.Path, DelayMs, more: Limits);
        await using var workers = await WorkerProcesses.StartAsync(Workers, space.Url, config, ChaosConfig.Paced);
        await using var user = await FleetUser.StartAsync(space.Url, new DispatcherOptions(), FleetUser.Blocks(DelayMs));
        await user.WaitForWorkersAsync(Workers);
        var input = _folder.File("rows.jsonl");
        await File.WriteAllLinesAsync(input, Paced());
        await using var score = FleetProcess.Start("score", input, "--broker", space.Url.ToString(), "--config", config, "--max-unscored", "100");
        _ = score.Output.ReadToEndAsync();
        await using var queues = await Queues.OpenAsync(space.Url);
        await BusyAsync(queues, user);

        var start = Stopwatch.GetTimestamp();
        var ended = EndedAsync();
        Signals.Send(score.Id, Signals.Interrupt);
        var seconds = await IdleAsync(queues, user);

        ChaosReport.Add(Fault, $"{Rows:N0} rows, interrupt: queues empty and workers idle after", seconds, "s");
        ChaosReport.Add(Fault, "the interrupted process ended after", await ended, "s");
        Assert.True(seconds <= Length.AtMost(2), $"The fleet was idle {seconds:0.00} s after the interrupt.");
        Assert.NotEqual(0, await score.ExitAsync());
        Assert.Equal(Workers, workers.Running.Count);

        async Task<double> EndedAsync()
        {
            await score.ExitAsync();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    [Fact]
    public async Task After_a_callers_cancelling_the_queues_are_empty_and_the_workers_idle_within_two_seconds()
    {
        await using var space = await broker.OpenSpaceAsync();
        var config = ChaosConfig.Write(_folder.Path, DelayMs);
        await using var workers = await WorkerProcesses.StartAsync(Workers, space.Url, config, ChaosConfig.Paced);
        await using var user = await FleetUser.StartAsync(space.Url, new DispatcherOptions { MaxRowsInFlight = Rows }, FleetUser.Blocks(DelayMs));
        await user.WaitForWorkersAsync(Workers);
        using var cancel = new CancellationTokenSource();
        var arrivals = new ArrivalLog();
        var scoring = user.ScoreAsync(Paced().ToAsyncEnumerable(), arrivals, cancellation: cancel.Token);
        await using var queues = await Queues.OpenAsync(space.Url);
        await BusyAsync(queues, user, () => arrivals.AskedCount == Rows);

        await cancel.CancelAsync();
        var seconds = await IdleAsync(queues, user);

        ChaosReport.Add(Fault, $"{Rows:N0} rows, in process: queues empty and workers idle after", seconds, "s");
        Assert.True(seconds <= Length.AtMost(2), $"The fleet was idle {seconds:0.00} s after the cancelling.");
        await scoring.WaitAsync(FleetUser.Patience);
        Assert.Equal(arrivals.Count, arrivals.All.Select(arrival => arrival.Row).Distinct().Count());
        Assert.Contains(arrivals.All, arrival => arrival.Reward.Status == RowStatus.Cancelled);
        Assert.All(arrivals.All, arrival => Assert.True(arrival.Reward.Status is RowStatus.Scored or RowStatus.Cancelled));
    }

    private static IEnumerable<string> Paced() => Enumerable.Range(0, Rows).Select(row => $$"""{"id":{{row}},"domain":"{{ChaosConfig.Paced}}","response":"{{row}}","ground_truth":"7"}""");

    // The queue does not grow any more, and every slot has work.
    private static async Task BusyAsync(Queues queues, FleetUser user, Func<bool>? isRead = null)
    {
        var start = Stopwatch.GetTimestamp();
        for (uint last = 0; ; await Task.Delay(TimeSpan.FromMilliseconds(250)))
        {
            var waiting = await queues.WaitingAsync(Workers);
            if (waiting > 0 && waiting <= last && isRead?.Invoke() != false && user.Live(ChaosConfig.Paced).All(worker => worker.FreeSlots == 0)) return;
            last = waiting;
            Assert.True(Stopwatch.GetElapsedTime(start) < FleetUser.Patience, $"{waiting} parts wait; the workers did not get busy.");
        }
    }

    private static async Task<double> IdleAsync(Queues queues, FleetUser user)
    {
        var start = Stopwatch.GetTimestamp();
        var asked = new Dictionary<string, WorkerAnnouncement>();
        void Heard(WorkerAnnouncement worker)
        {
            lock (asked) asked[worker.Worker] = worker;
        }

        user.Dispatcher.Membership.Heard += Heard;
        try
        {
            while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30))
            {
                // Everybody says anew what he has in hand.
                lock (asked) asked.Clear();
                await user.Bus.BroadcastAsync(ChaosConfig.Paced, new RollCall { Domain = ChaosConfig.Paced }, CancellationToken.None);
                await Task.Delay(TimeSpan.FromMilliseconds(50));
                bool isIdle;
                lock (asked) isIdle = asked.Count == Workers && asked.Values.All(worker => worker.FreeSlots == worker.Slots);
                if (isIdle && await queues.WaitingAsync(Workers) == 0) return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }

            return double.PositiveInfinity;
        }
        finally
        {
            user.Dispatcher.Membership.Heard -= Heard;
        }
    }

    /// <summary>What waits on the broker.</summary>
    private sealed class Queues(IConnection connection, IChannel channel) : IAsyncDisposable
    {
        public static async Task<Queues> OpenAsync(Uri url)
        {
            var connection = await new ConnectionFactory { Uri = url }.CreateConnectionAsync();
            return new Queues(connection, await connection.CreateChannelAsync());
        }

        public async Task<uint> WaitingAsync(int ranks)
        {
            var waiting = (await channel.QueueDeclarePassiveAsync(QueueNames.Work(ChaosConfig.Paced))).MessageCount
                + (await channel.QueueDeclarePassiveAsync(QueueNames.Evaluation(ChaosConfig.Paced))).MessageCount;
            for (var rank = 0; rank < ranks; rank++) waiting += (await channel.QueueDeclarePassiveAsync(QueueNames.Rank(ChaosConfig.Paced, rank))).MessageCount;
            return waiting;
        }

        public async ValueTask DisposeAsync()
        {
            await channel.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
