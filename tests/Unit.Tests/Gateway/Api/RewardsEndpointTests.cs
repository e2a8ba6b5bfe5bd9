using System.Reflection;
using Fleet.Gateway;
using Fleet.Gateway.Access;
using Fleet.Gateway.Api;
using Fleet.Gateway.Faults;
using Fleet.Messaging;
using MassTransit;
using Microsoft.AspNetCore.Http;

namespace Fleet.Unit.Tests.Gateway.Api;

public sealed class RewardsEndpointTests
{
    [Fact]
    public async Task Who_comes_while_the_broker_is_away_is_asked_to_come_again()
    {
        var options = new GatewayOptions { RetryAfter = TimeSpan.FromSeconds(7) };
        var bus = new FleetBus(DispatchProxy.Create<IBusControl, BusWithoutBroker>(), null!, new BrokerOptions { Url = new Uri("amqp://nowhere") });
        var endpoint = new RewardsEndpoint(null!, options, new Admission(options), bus);

        var fault = await Assert.ThrowsAsync<GatewayFault>(() => endpoint.AnswerAsync(new DefaultHttpContext()));

        Assert.Equal((503, "unavailable", options.RetryAfter), (fault.Status, fault.Code, fault.RetryAfter));
    }
}
