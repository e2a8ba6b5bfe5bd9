using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Names;
using Fleet.Messaging.Budgets;

namespace Fleet.Worker.Judging;

/// <summary>Budgets that the whole fleet shares: however many workers ask a judge, together they stay within what its account allows.</summary>
/// <remarks>An account is a model at its endpoints, so two runs with the same judge share one budget.</remarks>
public sealed class SharedRateBudget : IRateBudget, IAsyncDisposable
{
    private const int AccountHexDigits = 16;

    private readonly Dictionary<string, FleetBudget> _budgets;

    private SharedRateBudget(Dictionary<string, FleetBudget> budgets) => _budgets = budgets;

    /// <summary>The budgets of those judges that have a limit.</summary>
    /// <param name="source">Where they are shared.</param>
    /// <param name="judges">The judges.</param>
    /// <param name="patience">How long a broker that is away is waited for.</param>
    public static SharedRateBudget Of(FleetBudgets source, IEnumerable<JudgeOptions> judges, TimeSpan patience) => new(judges
        .Where(judge => judge.Limits != default)
        .ToDictionary(
            judge => judge.Name,
            judge => source.Open(Domains.LlmJudge, Account(judge), new BudgetRates(judge.Limits.RequestsPerMinute, judge.Limits.TokensPerMinute), patience),
            StringComparer.Ordinal));

    /// <inheritdoc/>
    public ValueTask AcquireAsync(string judge, long tokens, CancellationToken cancellationToken) =>
        _budgets.TryGetValue(judge, out var budget) ? budget.TakeAsync(tokens, cancellationToken) : ValueTask.CompletedTask;

    /// <inheritdoc/>
    public void Settle(string judge, long expected, long used)
    {
        if (_budgets.TryGetValue(judge, out var budget)) budget.GiveBack(expected - used);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var budget in _budgets.Values) await budget.DisposeAsync();
    }

    private static string Account(JudgeOptions judge)
    {
        var text = string.Join('\n', judge.Endpoints.Select(endpoint => endpoint.Url.AbsoluteUri).Order(StringComparer.Ordinal).Prepend(judge.Model));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..AccountHexDigits];
    }
}
