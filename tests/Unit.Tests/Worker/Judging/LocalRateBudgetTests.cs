using Fleet.Messaging.Budgets;
using Fleet.Worker.Judging;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Unit.Tests.Worker.Judging;

public class LocalRateBudgetTests
{
    private readonly FakeTimeProvider _time = new();

    private LocalRateBudget Budget(double? requests, double? tokens) => new(new BudgetRates(requests, tokens), _time);

    [Fact]
    public async Task Requests_beyond_the_burst_wait_for_their_minute_share()
    {
        var budget = Budget(1200, null);
        for (var i = 0; i < 10; i++) Assert.True(budget.TakeAsync(1, default).AsTask().IsCompletedSuccessfully);

        var eleventh = budget.TakeAsync(1, default).AsTask();
        var twelfth = budget.TakeAsync(1, default).AsTask();
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
        Assert.True(budget.TakeAsync(100, default).AsTask().IsCompletedSuccessfully);
        budget.GiveBack(90);
        Assert.True(budget.TakeAsync(90, default).AsTask().IsCompletedSuccessfully);

        var late = budget.TakeAsync(1000, default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(late.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        await late;
    }

    [Fact]
    public async Task Who_gives_up_gives_the_place_back()
    {
        var budget = Budget(60, null);
        await budget.TakeAsync(1, default);
        using var caller = new CancellationTokenSource();
        var waiting = budget.TakeAsync(1, caller.Token).AsTask();
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        var next = budget.TakeAsync(1, default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        await next;
    }

    [Fact]
    public async Task Requests_that_waited_for_their_tokens_are_no_burst_of_requests()
    {
        var budget = Budget(60, 60_000);
        var large = budget.TakeAsync(30_000, default).AsTask();
        List<Task> small = [.. Enumerable.Range(0, 20).Select(_ => budget.TakeAsync(1, default).AsTask())];

        // Half a minute's worth of tokens stands before them all; then a second each.
        _time.Advance(TimeSpan.FromSeconds(29.6));
        await large;
        Assert.DoesNotContain(small, request => request.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.DoesNotContain(small.Skip(1), request => request.IsCompleted);
    }

    [Fact]
    public async Task An_account_has_one_budget_whoever_asks_for_it()
    {
        var budgets = new LocalRateBudgets(_time);
        await budgets.Of("a", new BudgetRates(60, null)).TakeAsync(0, default);

        Assert.False(budgets.Of("a", new BudgetRates(60, null)).TakeAsync(0, default).AsTask().IsCompleted);
        Assert.True(budgets.Of("b", new BudgetRates(60, null)).TakeAsync(0, default).AsTask().IsCompleted);
        Assert.True(budgets.Of("a", new BudgetRates(120, null)).TakeAsync(0, default).AsTask().IsCompleted);
    }
}
