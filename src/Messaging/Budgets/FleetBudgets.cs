namespace Fleet.Messaging.Budgets;

/// <summary>Opens budgets that all workers of a broker share.</summary>
public sealed class FleetBudgets(BrokerOptions options, TimeProvider time)
{
    /// <summary>A budget; nothing is sent before something is asked of it.</summary>
    /// <param name="domain">The domain whose workers share it: its queues are among the domain's.</param>
    /// <param name="account">What tells it from other budgets of the domain: letters, digits and dashes.</param>
    /// <param name="rates">What is allowed. Workers that disagree get what the one says whose turn it is to mint.</param>
    /// <param name="patience">How long a broker that is away is waited for.</param>
    public FleetBudget Open(string domain, string account, BudgetRates rates, TimeSpan patience) => new(options, domain, account, rates, patience, time);
}
