using Fleet.Chaos.Tests.Harness;
using Fleet.QueueContract.Tests;

namespace Fleet.Chaos.Tests.Faults;

/// <summary>A worker whose way to the broker is cut without either end being told.</summary>
public sealed class NetworkCutTests(ChaosBroker broker) : IDisposable
{
    private const string Fault = "the network to a worker cut";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_parts_of_a_cut_worker_are_done_elsewhere_and_it_rejoins_with_a_new_lease()
    {
        _ = Length.Random(Fault);
        await using var relay = new Relay(broker.Server.Url.Host, broker.Server.Url.Port);
        await new OneWorkerFault(broker, Fault, _folder).RunAsync(
            through: url => new UriBuilder(url) { Host = "127.0.0.1", Port = relay.Port }.Uri,
            more: Length.IsFull ? "" : "broker:\n  heartbeat_s: 2",
            hit: _ => relay.Hold(),
            heal: _ => relay.Release(),
            lasting: Length.Seconds(11, 60),
            healed: async worker =>
            {
                await worker.WaitForAsync("lost the lease of rank", 3);
                await worker.WaitForAsync("serving as rank", 6);
            });
    }
}
