using System.Collections.Concurrent;
using Fleet.Messaging.Budgets;

namespace Fleet.Worker.Judging;

/// <summary>The budgets of a process without a broker: one for each account, whichever judges of whichever runs ask it.</summary>
public sealed class LocalRateBudgets(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (BudgetRates Rates, LocalRateBudget Budget)> _accounts = new(StringComparer.Ordinal);

    /// <summary>The budget of an account; a new one when other rates are asked for than before.</summary>
    public LocalRateBudget Of(string account, BudgetRates rates) => _accounts.AddOrUpdate(
        account,
        _ => (rates, new LocalRateBudget(rates, time)),
        (_, known) => known.Rates == rates ? known : (rates, new LocalRateBudget(rates, time))).Budget;
}
