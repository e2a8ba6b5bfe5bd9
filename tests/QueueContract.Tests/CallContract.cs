using Fleet.Contracts.Messages;
using Fleet.Contracts.Names;
using Fleet.Dispatcher;

namespace Fleet.QueueContract.Tests;

/// <summary>What a fleet does over any queue with a call that does not simply run to its end: cancelled, too late, in another lane, in another version.</summary>
public abstract class CallContract<TQueue>(TQueue queue) : QueueContract<TQueue>(queue)
    where TQueue : class, IQueueFixture
{
    [Fact]
    public async Task A_cancelled_call_ends_with_cancelled_rows_and_stops_its_workers()
    {
        var (entered, stopped) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var fleet = await TestFleet.StartAsync(Queue, Queue.Ranks, gate: async (response, token) =>
        {
            if (response != "held") return;
            entered.TrySetResult();
            await using var given = token.Register(() => stopped.TrySetResult());
            await Task.Delay(Timeout.Infinite, token);
        });
        using var cancel = new CancellationTokenSource();

        var scoring = fleet.ScoreAsync([("held", "x"), ("y", "y")], cancellation: cancel.Token);
        await entered.Task.WaitAsync(TestFleet.Patience);
        await cancel.CancelAsync();
        var rewards = await scoring.WaitAsync(TestFleet.Patience);

        Assert.Equal([RowStatus.Cancelled, RowStatus.Cancelled], rewards.Select(reward => reward.Status));
        await stopped.Task.WaitAsync(TestFleet.Patience);
        AssertScored(await fleet.ScoreAsync(Numbers(3)), 3);
    }

    [Fact]
    public async Task A_deadline_gives_what_there_is_and_times_the_rest_out()
    {
        await using var fleet = await TestFleet.StartAsync(
            Queue, Queue.Ranks, new DispatcherOptions { MaxPartRows = 1 }, async (response, token) => { if (response == "held") await Task.Delay(Timeout.Infinite, token); });

        var rewards = await fleet.ScoreAsync([("held", "x"), ("y", "y")], new CallOptions { Timeout = TimeSpan.FromSeconds(4) }).WaitAsync(TestFleet.Patience);

        Assert.Equal([RowStatus.TimedOut, RowStatus.Scored], rewards.Select(reward => reward.Status));
        Assert.Equal("call_deadline", rewards[0].ReasonCode);
    }

    [Fact]
    public async Task Without_a_worker_rows_wait_until_the_deadline_and_fail()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, ranks: 0, new DispatcherOptions { InitializeTimeout = TimeSpan.FromMilliseconds(100) });

        var rewards = await fleet.ScoreAsync(Numbers(2), new CallOptions { Timeout = TimeSpan.FromSeconds(1) }).WaitAsync(TestFleet.Patience);

        Assert.Equal([(RowStatus.Failed, "no_worker"), (RowStatus.Failed, "no_worker")], rewards.Select(reward => (reward.Status, reward.ReasonCode)));
    }

    [Fact]
    public async Task An_evaluation_goes_before_the_training_parts_that_wait()
    {
        var (started, open) = (new List<string>(), new SemaphoreSlim(0));
        var busy = new SemaphoreSlim(0);
        await using var fleet = await TestFleet.StartAsync(Queue, ranks: 1, new DispatcherOptions { MaxPartRows = 1 }, async (response, token) =>
        {
            lock (started) started.Add(response);
            busy.Release();
            await open.WaitAsync(token);
        });

        var training = fleet.ScoreAsync(Enumerable.Range(0, 12).Select(row => ($"training {row}", "x")));
        await busy.WaitAsync(TestFleet.Patience);
        await busy.WaitAsync(TestFleet.Patience);
        var evaluation = fleet.ScoreAsync([("evaluation 0", "x"), ("evaluation 1", "x")], new CallOptions { Lane = Lane.Evaluation });
        await fleet.HearAsync(worker => worker.InHand.Count == 4);
        open.Release(2);
        await busy.WaitAsync(TestFleet.Patience);
        await busy.WaitAsync(TestFleet.Patience);
        Assert.Equal(["evaluation 0", "evaluation 1"], started.Skip(2).Order(StringComparer.Ordinal));
        open.Release(12);

        Assert.All(await evaluation.WaitAsync(TestFleet.Patience), reward => Assert.Equal(RowStatus.Scored, reward.Status));
        Assert.Equal(12, (await training.WaitAsync(TestFleet.Patience)).Count(reward => reward.Status == RowStatus.Scored));
    }

    [Fact]
    public async Task A_call_that_an_operator_ends_has_cancelled_rows_and_others_go_on()
    {
        var entered = new TaskCompletionSource();
        await using var fleet = await TestFleet.StartAsync(Queue, Queue.Ranks, gate: async (response, token) =>
        {
            if (response != "held") return;
            entered.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        });

        var scoring = fleet.ScoreAsync([("held", "x"), ("y", "y")]);
        await entered.Task.WaitAsync(TestFleet.Patience);
        await fleet.Bus.AnnounceAsync(new CancelRequested { RunId = "another run" }, CancellationToken.None);
        await fleet.Bus.AnnounceAsync(new CancelRequested { RunId = fleet.Run.RunId }, CancellationToken.None);
        var rewards = await scoring.WaitAsync(TestFleet.Patience);

        Assert.Equal([RowStatus.Cancelled, RowStatus.Cancelled], rewards.Select(reward => reward.Status));
        AssertScored(await fleet.ScoreAsync(Numbers(3)), 3);
    }

    [Fact]
    public async Task A_command_of_an_unknown_wire_version_is_refused_and_not_done()
    {
        await using var fleet = await TestFleet.StartAsync(Queue, ranks: 1);
        var asker = new ScriptedDispatcher(fleet.Bus, fleet.Run, fleet.Domain);
        await using var _ = await asker.ListenAsync();

        var reply = await asker.SendAsync(Batch(fleet, 1), part: 0, version: 99);

        Assert.Equal(ReplyOutcome.WrongVersion, reply.Outcome);
        Assert.Contains("99", reply.Error, StringComparison.Ordinal);
    }
}
