using Fleet.Contracts;

namespace Fleet.Messaging.Budgets;

/// <summary>The broker that keeps a budget was away for longer than was to be waited: nothing may be asked of the account meanwhile.</summary>
/// <param name="message">Which broker, and for how long.</param>
/// <param name="inner">What it said last.</param>
public sealed class BudgetAwayException(string message, Exception? inner = null) : FleetException(message, isTransient: true, inner);
