using System.Reflection;
using MassTransit;

namespace Fleet.Unit.Tests.Gateway.Api;

/// <summary>A bus that knows of itself that it is not connected, and nothing else.</summary>
public class BusWithoutBroker : DispatchProxy
{
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod?.Name == nameof(IBusControl.CheckHealth)
        ? BusHealthResult.Unhealthy("Not ready", new TimeoutException(), new Dictionary<string, EndpointHealthResult>())
        : throw new NotSupportedException();
}
