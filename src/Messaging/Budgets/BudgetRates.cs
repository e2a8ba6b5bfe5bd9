namespace Fleet.Messaging.Budgets;

/// <summary>What an account allows all of its users together.</summary>
/// <param name="RequestsPerMinute">Above 0; null for no limit.</param>
/// <param name="TokensPerMinute">Prompts and answers together; above 0; null for no limit.</param>
public readonly record struct BudgetRates(double? RequestsPerMinute, double? TokensPerMinute);
