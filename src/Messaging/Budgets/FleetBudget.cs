using System.Threading.Channels;
using Fleet.Contracts;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Messaging.Budgets;

/// <summary>One account's budget, shared by every worker that opens it: nothing is asked of the account without a permit from the broker.</summary>
/// <remarks>
/// One worker mints permits at the account's rate, all take them (<see cref="Mint"/>, <see cref="PermitStream"/>). Safe from
/// many threads; who asks first is served first. A broker that is away gives no permits: all who wait share one patience.
/// </remarks>
public sealed class FleetBudget : IRateBudget
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    // As long as on the broker: a worker that stood still saves nothing up either.
    private static readonly TimeSpan RequestsAreGoodFor = TimeSpan.FromSeconds(0.5);

    // What a judge did not need comes back in large amounts, and an account counts by the minute.
    private static readonly TimeSpan TokensAreGoodFor = TimeSpan.FromSeconds(5);

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
    private Outage? _outage;
    private int _waiting;

    internal FleetBudget(BrokerOptions options, string domain, string account, BudgetRates rates, TimeSpan patience, TimeProvider time)
    {
        (_options, _domain, _account, _rates, _patience, _time) = (options, domain, account, rates, patience, time);
        (_requests, _tokens) = (new Credit(RequestsAreGoodFor, time), new Credit(TokensAreGoodFor, time));
    }

    /// <inheritdoc/>
    public async ValueTask TakeAsync(long tokens, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _turn.WaitAsync(cancellation);
            try
            {
                // Tokens first: they take longer, and a permit for a request is fresh when the request goes.
                if (_rates.TokensPerMinute is not null) await GatherAsync(_tokens, tokens, link => link.Tokens!, cancellation);
                if (_rates.RequestsPerMinute is not null) await GatherRequestAsync(tokens, cancellation);
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

    /// <inheritdoc/>
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

    private async Task GatherRequestAsync(long tokens, CancellationToken cancellation)
    {
        try
        {
            await GatherAsync(_requests, 1, link => link.Requests!, cancellation);
        }
        catch
        {
            GiveBack(tokens);
            throw;
        }
    }

    private async Task GatherAsync(Credit credit, long amount, Func<BudgetLink, PermitStream> stream, CancellationToken cancellation)
    {
        credit.ForgetOld();

        // Nobody has tried for so long: what was then says nothing of now.
        if (_outage is { } old && _time.GetElapsedTime(old.LastTry) > _patience + Pause) _outage = null;
        while (!credit.TryUse(amount))
        {
            // Whoever comes next in the queue has waited as long as the one before: it is told the same, and tries nothing of its own.
            if (_outage is { } known && IsTooLong(known) && _time.GetElapsedTime(known.LastTry) < Pause) throw Away(known);
            try
            {
                _link ??= await BudgetLink.OpenAsync(_options, _domain, _account, _rates, _time, cancellation);
                credit.Add(await stream(_link).ReadAsync(cancellation));
                _outage = null;
            }
            catch (Exception lost) when (IsLoss(lost) && !cancellation.IsCancellationRequested)
            {
                await DropLinkAsync();
                var now = _time.GetTimestamp();
                var outage = _outage = new Outage(_outage?.Since ?? now, now, lost);
                if (IsTooLong(outage)) throw Away(outage);
                await Task.Delay(Pause, _time, cancellation);
            }
        }
    }

    private bool IsTooLong(Outage outage) => _time.GetElapsedTime(outage.Since) > _patience;

    private BudgetAwayException Away(Outage outage) => new(
        $"The budget that the fleet shares could not be had from the broker at {_options.Display} for {_patience.TotalSeconds:0.#} s: {outage.Last.Message}", outage.Last);

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

    /// <summary>The broker is away; it ends with the next permits.</summary>
    /// <param name="Since">When that was noticed, as a timestamp.</param>
    /// <param name="LastTry">When it was last tried, as a timestamp.</param>
    /// <param name="Last">What came of that.</param>
    private sealed record Outage(long Since, long LastTry, Exception Last);
}
