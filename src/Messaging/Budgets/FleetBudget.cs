using System.Threading.Channels;
using Fleet.Contracts;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Messaging.Budgets;

/// <summary>One account's budget, shared by every worker that opens it: nothing is asked of the account without a permit from the broker.</summary>
/// <remarks>
/// One worker mints permits at the account's rate, all take them (<see cref="Mint"/>, <see cref="PermitStream"/>). Safe from
/// many threads; who asks first is served first. A broker that is away gives no permits.
/// </remarks>
public sealed class FleetBudget : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Credit _requests;
    private readonly Credit _tokens;
    private readonly BrokerOptions _options;
    private readonly string _domain;
    private readonly string _account;
    private readonly BudgetRates _rates;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private BudgetLink? _link;
    private int _waiting;

    internal FleetBudget(BrokerOptions options, string domain, string account, BudgetRates rates, TimeSpan patience, TimeProvider time)
    {
        (_options, _domain, _account, _rates, _patience, _time) = (options, domain, account, rates, patience, time);
        (_requests, _tokens) = (new Credit(time), new Credit(time));
    }

    /// <summary>Waits until one request with these tokens fits into the budget.</summary>
    /// <param name="tokens">The tokens that the request is expected to use; 0 for none.</param>
    /// <param name="cancellation">Gives the place in the queue back.</param>
    /// <exception cref="BudgetAwayException">The broker was away for too long.</exception>
    public async ValueTask TakeAsync(long tokens, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _turn.WaitAsync(cancellation);
            try
            {
                // Tokens first: they take longer, and a permit for a request is fresh when the request goes.
                if (_rates.TokensPerMinute is not null && tokens > 0) await GatherAsync(_tokens, tokens, link => link.Tokens!, cancellation);
                if (_rates.RequestsPerMinute is not null) await GatherAsync(_requests, 1, link => link.Requests!, cancellation);
            }
            finally
            {
                // Whoever needs nothing holds nothing back from the others.
                if (Volatile.Read(ref _waiting) == 1) await RestAsync();
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Says that a request used fewer tokens than were taken for it, or more.</summary>
    /// <param name="tokens">The tokens that are left; below 0 when more were used.</param>
    public void GiveBack(long tokens)
    {
        if (_rates.TokensPerMinute is not null) _tokens.Add(tokens);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DropLinkAsync();
        _turn.Dispose();
    }

    private async Task GatherAsync(Credit credit, long amount, Func<BudgetLink, PermitStream> stream, CancellationToken cancellation)
    {
        credit.ForgetOld();
        long? awaySince = null;
        while (!credit.TryUse(amount))
        {
            try
            {
                _link ??= await BudgetLink.OpenAsync(_options, _domain, _account, _rates, _time, cancellation);
                credit.Add(await stream(_link).ReadAsync(cancellation));
                awaySince = null;
            }
            catch (Exception lost) when (IsLoss(lost) && !cancellation.IsCancellationRequested)
            {
                await DropLinkAsync();
                awaySince ??= _time.GetTimestamp();
                if (_time.GetElapsedTime(awaySince.Value) > _patience)
                {
                    throw new BudgetAwayException(
                        $"The budget that the fleet shares could not be had from the broker at {_options.Display} for {_patience.TotalSeconds:0.#} s: {lost.Message}", lost);
                }

                await Task.Delay(Pause, _time, cancellation);
            }
        }
    }

    private async Task RestAsync()
    {
        if (_link is not { } link) return;
        try
        {
            await link.RestAsync();
        }
        catch (Exception lost) when (IsLoss(lost))
        {
            await DropLinkAsync();
        }
    }

    private async Task DropLinkAsync()
    {
        if (Interlocked.Exchange(ref _link, null) is { } link) await link.DisposeAsync();
    }

    private static bool IsLoss(Exception failure) =>
        failure is FleetException or ChannelClosedException or OperationInterruptedException or IOException or ObjectDisposedException or OperationCanceledException or TimeoutException;

    /// <summary>Permits that are in hand. What was taken and not used is good for a moment: an account counts by the minute.</summary>
    private sealed class Credit(TimeProvider time)
    {
        private static readonly TimeSpan Good = TimeSpan.FromSeconds(5);

        private readonly Lock _lock = new();
        private long _amount;
        private long _at = time.GetTimestamp();

        public void Add(long amount)
        {
            lock (_lock)
            {
                _amount += amount;
                _at = time.GetTimestamp();
            }
        }

        public bool TryUse(long amount)
        {
            lock (_lock)
            {
                if (_amount < amount) return false;
                _amount -= amount;
                return true;
            }
        }

        public void ForgetOld()
        {
            lock (_lock)
            {
                if (_amount > 0 && time.GetElapsedTime(_at) > Good) _amount = 0;
            }
        }
    }
}
