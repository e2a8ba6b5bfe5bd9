using System.Collections.Concurrent;

namespace Fleet.Worker.Judging;

/// <summary>What a judge's account allows.</summary>
/// <param name="RequestsPerMinute">Null for no limit.</param>
/// <param name="TokensPerMinute">Prompt and answer together; null for no limit.</param>
public readonly record struct RateLimits(double? RequestsPerMinute, double? TokensPerMinute);

/// <summary>A budget for one process: two token buckets for each judge, refilled all the time.</summary>
/// <remarks>A bucket holds half a second's worth, and at least one request, so that no minute has more than 1 % too many.</remarks>
public sealed class LocalRateBudget(IReadOnlyDictionary<string, RateLimits> limits, TimeProvider time) : IRateBudget
{
    private readonly ConcurrentDictionary<string, (Bucket? Requests, Bucket? Tokens)> _buckets = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask AcquireAsync(string judge, long tokens, CancellationToken cancellationToken)
    {
        var (requests, volume) = Buckets(judge);
        var wait = TimeSpan.FromTicks(Math.Max(requests?.Take(1).Ticks ?? 0, volume?.Take(tokens).Ticks ?? 0));
        if (wait <= TimeSpan.Zero) return;
        try
        {
            await Task.Delay(wait, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            requests?.Give(1);
            volume?.Give(tokens);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public void Settle(string judge, long expected, long used) => Buckets(judge).Tokens?.Give(expected - used);

    private (Bucket? Requests, Bucket? Tokens) Buckets(string judge) => _buckets.GetOrAdd(judge, name =>
    {
        var allowed = limits.TryGetValue(name, out var found) ? found : default;
        return (Create(allowed.RequestsPerMinute), Create(allowed.TokensPerMinute));
    });

    private Bucket? Create(double? perMinute) => perMinute is { } rate ? new Bucket(rate, time) : null;

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
