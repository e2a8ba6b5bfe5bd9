using Fleet.Worker.Judging;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Unit.Tests.Worker.Judging;

public class LocalRateBudgetTests
{
    private readonly FakeTimeProvider _time = new();

    private LocalRateBudget Budget(double? requests, double? tokens) => new(new Dictionary<string, RateLimits> { ["j"] = new(requests, tokens) }, _time);

    [Fact]
    public async Task Requests_beyond_the_burst_wait_for_their_minute_share()
    {
        var budget = Budget(1200, null);
        for (var i = 0; i < 10; i++) Assert.True(budget.AcquireAsync("j", 1, default).AsTask().IsCompletedSuccessfully);

        var eleventh = budget.AcquireAsync("j", 1, default).AsTask();
        var twelfth = budget.AcquireAsync("j", 1, default).AsTask();
        Assert.False(eleventh.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.05));
        await eleventh;
        Assert.False(twelfth.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.05));
        await twelfth;
    }

    [Fact]
    public async Task Tokens_that_were_not_used_come_back()
    {
        var budget = Budget(null, 12_000);
        Assert.True(budget.AcquireAsync("j", 100, default).AsTask().IsCompletedSuccessfully);
        budget.Settle("j", 100, 10);
        Assert.True(budget.AcquireAsync("j", 90, default).AsTask().IsCompletedSuccessfully);

        var late = budget.AcquireAsync("j", 1000, default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(late.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        await late;
    }

    [Fact]
    public async Task Who_gives_up_gives_the_place_back()
    {
        var budget = Budget(60, null);
        await budget.AcquireAsync("j", 1, default);
        using var caller = new CancellationTokenSource();
        var waiting = budget.AcquireAsync("j", 1, caller.Token).AsTask();
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        var next = budget.AcquireAsync("j", 1, default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        await next;
    }

    [Fact]
    public void A_judge_without_limits_never_waits()
    {
        var budget = Budget(1, 1);
        for (var i = 0; i < 1000; i++) Assert.True(budget.AcquireAsync("other", 1_000_000, default).AsTask().IsCompletedSuccessfully);
    }
}
