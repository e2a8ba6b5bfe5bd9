using Fleet.Gateway.Faults;
using Fleet.Gateway.Observability;

namespace Fleet.Gateway.Access;

/// <summary>How much the gateway takes on: requests at once, and bytes of bodies that are held whole. Who comes when it is full is told to come back.</summary>
internal sealed class Admission(GatewayOptions options)
{
    private int _requests;
    private long _bytes;

    /// <summary>Requests that are in.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Lets a request in.</summary>
    /// <exception cref="GatewayFault">The gateway is full.</exception>
    public Ticket Enter()
    {
        if (Interlocked.Increment(ref _requests) <= options.MaxRequests) return new Ticket(this);
        Interlocked.Decrement(ref _requests);
        GatewayMetrics.Refused("requests");
        throw GatewayFault.Full($"The gateway works on {options.MaxRequests:N0} requests already.", options.RetryAfter);
    }

    /// <summary>A request's place, until it is disposed of.</summary>
    internal sealed class Ticket(Admission admission) : IDisposable
    {
        private long _held;

        /// <summary>Takes room for some bytes of its body.</summary>
        /// <exception cref="GatewayFault">There is none.</exception>
        public void Hold(long bytes)
        {
            _held += bytes;
            if (Interlocked.Add(ref admission._bytes, bytes) <= admission.Options.MaxHeldBytes) return;
            GatewayMetrics.Refused("bytes");
            throw GatewayFault.Full("The gateway holds as many bytes of other requests as it may.", admission.Options.RetryAfter);
        }

        public void Dispose()
        {
            Interlocked.Decrement(ref admission._requests);
            Interlocked.Add(ref admission._bytes, -_held);
        }
    }

    private GatewayOptions Options => options;
}
