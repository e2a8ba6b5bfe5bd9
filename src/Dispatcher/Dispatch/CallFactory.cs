using System.Collections.Concurrent;
using Fleet.Contracts.Messages;
using Fleet.Dispatcher.Observability;
using Fleet.Dispatcher.Runs;
using Fleet.Messaging;
using Microsoft.Extensions.Logging;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>Opens calls, knows which are open, and ends those that an operator wants ended.</summary>
internal sealed class CallFactory(DispatcherIdentity identity, FleetBus bus, DispatcherOptions options, TimeProvider time, ILogger<CallFactory> log)
{
    private readonly ConcurrentDictionary<Guid, OpenCall> _open = new();

    /// <summary>The calls that are open.</summary>
    public ICollection<OpenCall> Calls => _open.Values;

    /// <summary>Whether a call of this dispatcher goes on.</summary>
    public bool IsOpen(Guid call) => _open.TryGetValue(call, out var open) && !open.Cancelled.IsCancellationRequested;

    /// <summary>Opens a call on some domains.</summary>
    /// <param name="run">The run whose configuration is used.</param>
    /// <param name="call">How long it may take, and its lane; null for the defaults.</param>
    /// <param name="domains">The domains that its rows may go to.</param>
    /// <param name="cancellation">The caller's own way to end it.</param>
    public OpenCall Open(RunDefinition run, CallOptions? call, IEnumerable<DomainDefinition> domains, CancellationToken cancellation)
    {
        var deadline = time.GetUtcNow() + (call?.Timeout ?? options.CallTimeout);
        var open = new OpenCall(
            new CallContext(Guid.NewGuid(), run, deadline, call?.Lane ?? Lane.Training, identity.Name) { BuryFailures = call?.BuryFailures ?? true },
            bus,
            [.. domains.Where(domain => domain.NotBuilt is null).Select(domain => domain.ServedBy).Distinct(StringComparer.Ordinal)],
            Close,
            cancellation);
        _open[open.Context.CallId] = open;
        return open;
    }

    /// <summary>Ends calls as an operator asked.</summary>
    public void Cancel(CancelRequested request)
    {
        foreach (var call in _open.Values)
        {
            if (request.CallId is { } id && call.Context.CallId != id) continue;
            if (request.RunId is { } run && call.Context.Run.RunId != run) continue;
            DispatcherLog.CallEnded(log, call.Context.CallId, call.Context.Run.RunId);
            call.EndByOperator();
        }
    }

    private void Close(OpenCall call) => _open.TryRemove(call.Context.CallId, out _);
}
