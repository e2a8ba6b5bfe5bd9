using Fleet.Chaos.Tests.Harness;

namespace Fleet.Chaos.Tests.Faults;

/// <summary>A worker that stands still with its connections open.</summary>
public sealed class FrozenWorkerTests(ChaosBroker broker) : IDisposable
{
    private const string Fault = "a worker frozen";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_parts_of_a_frozen_worker_are_done_elsewhere_within_ten_seconds_and_its_late_replies_ignored()
    {
        _ = Length.Random(Fault);
        var dropped = await new OneWorkerFault(broker, Fault, _folder).RunAsync(
            through: null,
            // The broker keeps the connection for as long as the worker stands still, so that its replies come, late.
            more: "broker:\n  heartbeat_s: 120",
            hit: worker => SendAsync(worker.Id, Signals.Stop),
            heal: worker => SendAsync(worker.Id, Signals.Continue),
            lasting: Length.Seconds(11, 60),
            healed: _ => Task.CompletedTask);

        Assert.True(dropped > 0, "No reply of the frozen worker came late, so none was seen to be dropped.");
    }

    private static Task SendAsync(int process, int signal)
    {
        Signals.Send(process, signal);
        return Task.CompletedTask;
    }
}
