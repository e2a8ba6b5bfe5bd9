using Fleet.Messaging.Budgets;

namespace Fleet.Worker.Judging;

/// <summary>An account's budget for one process: a bucket of requests and one of tokens, refilled all the time.</summary>
/// <remarks>A bucket holds half a second's worth, and at least one request, so that no minute has more than 1 % too many.</remarks>
public sealed class LocalRateBudget(BudgetRates rates, TimeProvider time) : IRateBudget
{
    private readonly Bucket? _requests = rates.RequestsPerMinute is { } requests ? new Bucket(requests, time) : null;
    private readonly Bucket? _tokens = rates.TokensPerMinute is { } tokens ? new Bucket(tokens, time) : null;

    /// <inheritdoc/>
    public async ValueTask TakeAsync(long tokens, CancellationToken cancellation)
    {
        // One after the other: a request that waits for its tokens has no permit yet that could grow old.
        await TakeAsync(_tokens, tokens, cancellation);
        try
        {
            await TakeAsync(_requests, 1, cancellation);
        }
        catch (OperationCanceledException)
        {
            GiveBack(tokens);
            throw;
        }
    }

    /// <inheritdoc/>
    public void GiveBack(long tokens) => _tokens?.Give(tokens);

    /// <summary>Nothing: other judges of the process may share the budget.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask TakeAsync(Bucket? bucket, long amount, CancellationToken cancellation)
    {
        if (bucket is null || bucket.Take(amount) is not { Ticks: > 0 } wait) return;
        try
        {
            await Task.Delay(wait, time, cancellation);
        }
        catch (OperationCanceledException)
        {
            bucket.Give(amount);
            throw;
        }
    }

    // The level may go below zero: that is the queue. Whoever takes it there waits until it would be zero again.
    private sealed class Bucket(double perMinute, TimeProvider time)
    {
        private const double SecondsHeld = 0.5;

        private readonly Lock _lock = new();
        private readonly double _perSecond = perMinute / 60;
        private readonly double _capacity = Math.Max(1, perMinute / 60 * SecondsHeld);
        private double _level = Math.Max(1, perMinute / 60 * SecondsHeld);
        private long _at = time.GetTimestamp();

        public TimeSpan Take(double amount)
        {
            lock (_lock)
            {
                Refill();
                _level -= amount;
                return _level >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(-_level / _perSecond, TimeSpan.MaxValue.TotalSeconds / 1e6));
            }
        }

        public void Give(double amount)
        {
            lock (_lock)
            {
                Refill();
                _level = Math.Min(_capacity, _level + amount);
            }
        }

        private void Refill()
        {
            var now = time.GetTimestamp();
            _level = Math.Min(_capacity, _level + (time.GetElapsedTime(_at, now).TotalSeconds * _perSecond));
            _at = now;
        }
    }
}
