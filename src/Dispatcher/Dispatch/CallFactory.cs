using Fleet.Contracts;
using Fleet.Contracts.Messages;
using Fleet.Dispatcher.Runs;
using Fleet.Messaging;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>Opens calls, and tells the workers of one that ends before its time.</summary>
internal sealed class CallFactory(DispatcherIdentity identity, FleetBus bus, DispatcherOptions options, TimeProvider time)
{
    /// <summary>Opens a call on some domains.</summary>
    public OpenCall Open(RunDefinition run, TimeSpan? timeout, IEnumerable<DomainDefinition> domains) => new(
        new CallContext(Guid.NewGuid(), run, time.GetUtcNow() + (timeout ?? options.CallTimeout), identity.Name),
        bus,
        [.. domains.Where(domain => domain.NotBuilt is null).Select(domain => domain.ServedBy).Distinct(StringComparer.Ordinal)]);

    /// <summary>A call until it is disposed of; unless it was completed, its workers are told to stop.</summary>
    internal sealed class OpenCall(CallContext context, FleetBus bus, IReadOnlyList<string> domains) : IAsyncDisposable
    {
        private static readonly TimeSpan TellingTimeout = TimeSpan.FromSeconds(2);

        private bool _isCompleted;

        public CallContext Context => context;

        /// <summary>Every part is answered.</summary>
        public void Completed() => _isCompleted = true;

        public async ValueTask DisposeAsync()
        {
            if (_isCompleted) return;
            using var deadline = new CancellationTokenSource(TellingTimeout);
            try
            {
                await Task.WhenAll(domains.Select(domain => bus.BroadcastAsync(domain, new CancelCall { CallId = context.CallId, Domain = domain }, deadline.Token)));
            }
            catch (Exception away) when (away is OperationCanceledException or FleetException)
            {
                // Without a broker there is nobody to tell; the parts end at their deadline.
            }
        }
    }
}
