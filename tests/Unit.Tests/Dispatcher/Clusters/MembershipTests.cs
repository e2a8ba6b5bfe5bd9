using Fleet.Contracts.Messages;
using Fleet.Contracts.Ranks;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Clusters;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Unit.Tests.Dispatcher.Clusters;

public sealed class MembershipTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Membership _members;
    private readonly List<string> _lost = [];

    public MembershipTests()
    {
        _members = new Membership(new DispatcherOptions { WorkerSilence = TimeSpan.FromSeconds(5) }, _time, NullLogger<Membership>.Instance);
        _members.Lost += worker => _lost.Add(worker.Worker);
    }

    [Fact]
    public void A_worker_joins_drains_and_leaves()
    {
        _members.Hear(Worker("a", 0));
        _members.Hear(Worker("b", 1));
        Assert.Equal(2, _members.Snapshot("math_rule").DpSize);
        var epoch = _members.Snapshot("math_rule").Epoch;

        _members.Hear(Worker("a", 0) with { State = WorkerState.Draining });
        Assert.Equal(["b"], _members.LiveWorkers("math_rule").Select(worker => worker.Worker));
        Assert.True(_members.IsLive("a"));
        Assert.Empty(_lost);

        _members.Hear(Worker("a", 0) with { State = WorkerState.Left });
        Assert.False(_members.IsLive("a"));
        Assert.Equal(["a"], _lost);
        Assert.True(_members.Snapshot("math_rule").Epoch > epoch);
    }

    [Fact]
    public void The_same_word_again_is_no_new_epoch()
    {
        _members.Hear(Worker("a", 0));
        var epoch = _members.Snapshot("math_rule").Epoch;

        _members.Hear(Worker("a", 0));

        Assert.Equal(epoch, _members.Snapshot("math_rule").Epoch);
    }

    [Fact]
    public void A_worker_is_idle_when_it_says_so_for_a_while_and_starts_nothing()
    {
        var (idle, busy) = (Worker("a", 0) with { Slots = 2, FreeSlots = 2 }, Worker("b", 1) with { Slots = 2, FreeSlots = 1 });
        string[] Idle() => [.. _members.IdleWorkers("math_rule", TimeSpan.FromSeconds(1.5)).Select(worker => worker.Worker)];
        void Hear()
        {
            _members.Hear(idle);
            _members.Hear(busy);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Hear();
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty(Idle());

        Hear();
        Assert.Equal(["a"], Idle());

        _members.Busy("a");
        Hear();
        Assert.Empty(Idle());
    }

    [Fact]
    public void Nobody_is_silent_while_we_do_not_listen()
    {
        _members.Hear(Worker("a", 0));
        _time.Advance(TimeSpan.FromMinutes(1));
        var listening = _time.GetTimestamp();

        _members.DropSilent(listening);
        Assert.True(_members.IsLive("a"));

        _time.Advance(TimeSpan.FromSeconds(5.5));
        _members.DropSilent(listening);
        Assert.Equal(["a"], _lost);
    }

    [Fact]
    public void Only_a_worker_that_is_silent_for_too_long_is_lost()
    {
        _members.Hear(Worker("a", 0));
        _members.Hear(Worker("b", 1));
        _time.Advance(TimeSpan.FromSeconds(4));
        _members.Hear(Worker("b", 1));
        _time.Advance(TimeSpan.FromSeconds(1.5));

        _members.DropSilent();

        Assert.Equal(["a"], _lost);
        Assert.Equal([(1, 0)], _members.Snapshot("math_rule").Ranks.Select(rank => (rank.Lease, rank.Info.Rank)));
    }

    [Fact]
    public void Domains_do_not_mix()
    {
        _members.Hear(Worker("a", 0));
        _members.Hear(Worker("b", 0) with { Domain = "ifeval" });

        Assert.Equal(["a"], _members.LiveWorkers("math_rule").Select(worker => worker.Worker));
        Assert.Equal(["ifeval", "math_rule"], _members.Workers.Select(worker => worker.Domain));
    }

    [Fact]
    public async Task Waiting_ends_when_the_condition_holds()
    {
        var waiting = _members.WaitAsync(members => members.LiveWorkers("math_rule").Count == 2, TimeSpan.FromMinutes(1), CancellationToken.None);
        _members.Hear(Worker("a", 0));
        Assert.False(waiting.IsCompleted);

        _members.Hear(Worker("b", 1));

        Assert.True(await waiting.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Waiting_ends_when_a_worker_tells_of_a_method()
    {
        _members.Hear(Worker("a", 0));
        var waiting = _members.WaitAsync(members => members.Method("math_rule", "count") is not null, TimeSpan.FromMinutes(1), CancellationToken.None);

        _members.Hear(Worker("a", 0) with { Methods = [new RegisteredMethod("count", DispatchMode.OneToAll)] });

        Assert.True(await waiting.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(DispatchMode.OneToAll, _members.Method("math_rule", "count")!.Mode);
        Assert.Null(_members.Method("ifeval", "count"));
    }

    [Fact]
    public async Task Waiting_in_vain_is_false_and_cancelling_is_an_exception()
    {
        Assert.False(await _members.WaitAsync(_ => false, TimeSpan.FromMilliseconds(1), CancellationToken.None));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _members.WaitAsync(_ => false, TimeSpan.FromMinutes(1), new CancellationToken(canceled: true)));
    }

    private static WorkerAnnouncement Worker(string name, int lease) => new() { Worker = name, Domain = "math_rule", Lease = lease, State = WorkerState.Live };
}
