namespace Fleet.Messaging.Budgets;

/// <summary>How many requests and tokens an account still allows, for all who share the budget.</summary>
public interface IRateBudget : IAsyncDisposable
{
    /// <summary>Waits until one request with these tokens fits into the budget, in the order of the calls. The request goes at once, or never.</summary>
    /// <param name="tokens">The tokens that the request is expected to use, prompt and answer together; 0 or more.</param>
    /// <param name="cancellation">Gives the place in the queue back.</param>
    /// <exception cref="BudgetAwayException">The budget is shared, and could not be reached for too long.</exception>
    ValueTask TakeAsync(long tokens, CancellationToken cancellation);

    /// <summary>Says that a request used fewer tokens than were taken for it, or more.</summary>
    /// <param name="tokens">The tokens that are left; below 0 when more were used.</param>
    void GiveBack(long tokens);
}
