namespace Fleet.Worker.Judging;

/// <summary>How many requests and tokens a judge may still be asked this minute, by all who share it.</summary>
/// <remarks>A budget belongs to a judge's account: over a broker the fleet shares it (<see cref="SharedRateBudget"/>), in one process it is <see cref="LocalRateBudget"/>.</remarks>
public interface IRateBudget : IAsyncDisposable
{
    /// <summary>Waits until a request fits into the budget, in the order of the calls.</summary>
    /// <param name="judge">The judge's name.</param>
    /// <param name="tokens">The tokens that the request is expected to use, prompt and answer together; 0 for a repetition of one that was turned away.</param>
    /// <param name="cancellationToken">Gives the place in the queue back.</param>
    /// <exception cref="Messaging.Budgets.BudgetAwayException">The budget is shared, and could not be reached for too long.</exception>
    ValueTask AcquireAsync(string judge, long tokens, CancellationToken cancellationToken);

    /// <summary>Says what a request really used.</summary>
    /// <param name="judge">The judge's name.</param>
    /// <param name="expected">What was said to <see cref="AcquireAsync"/>.</param>
    /// <param name="used">What the judge counted.</param>
    void Settle(string judge, long expected, long used);
}
