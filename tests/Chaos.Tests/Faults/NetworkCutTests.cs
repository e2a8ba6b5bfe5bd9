using Fleet.Chaos.Tests.Harness;

namespace Fleet.Chaos.Tests.Faults;

/// <summary>A worker whose way to the broker is cut without either end being told: the container is taken out of the network between them.</summary>
public sealed class NetworkCutTests(ChaosBroker broker) : IDisposable
{
    private const string Fault = "the network to a worker cut";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_parts_of_a_cut_worker_are_done_elsewhere_and_it_rejoins_with_a_new_lease()
    {
        _ = Length.Random(Fault);
        await using var network = await CutNetwork.OpenAsync(broker.Server);
        Assert.SkipUnless(await network.IsReachableAsync(), "This machine does not reach containers by their addresses, so no network between them can be cut.");
        await new OneWorkerFault(broker, Fault, _folder).RunAsync(
            through: network.Through,
            more: Length.IsFull ? "" : "broker:\n  heartbeat_s: 2",
            hit: _ => network.CutAsync(),
            heal: _ => network.HealAsync(),
            lasting: Length.Seconds(11, 60),
            healed: async worker =>
            {
                await worker.WaitForAsync("lost the lease of rank", 3);
                await worker.WaitForAsync("serving as rank", 6);
            });
    }
}
