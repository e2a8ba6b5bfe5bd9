using System.Diagnostics;
using Fleet.Rewards;
using Fleet.Worker.Sandbox;

namespace Fleet.Integration.Tests.Sandbox;

/// <summary>An engine that stops, starts again, or was never there: rows wait or fail with the reason, and none is scored 0.</summary>
[Collection(SlotsCollection.Name)]
public sealed class OutageTests
{
    [Theory]
    [InlineData(SlotTransport.Socket)]
    [InlineData(SlotTransport.Attach)]
    public async Task Rows_wait_for_an_engine_that_comes_back(SlotTransport transport)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var gate = new EngineGate();
        await using var sandbox = new DockerSandbox(new SandboxOptions { Slots = 2, Engine = gate.Endpoint, Transport = transport, EnginePatienceSeconds = 60 }, TimeProvider.System);
        var scorer = new CodeScorer(sandbox);
        var rows = Enumerable.Range(0, 40).Select(n => scorer.ScoreAsync(Rows.Honest(n), RewardSettings.Default, cancel)).ToList();
        await Task.WhenAny(rows);

        // A stopped engine takes its containers with it.
        gate.Shut();
        await EndSlotsAsync();
        await Task.Delay(TimeSpan.FromSeconds(1), cancel);
        gate.Open();

        var outcomes = await Task.WhenAll(rows);
        Assert.All(outcomes, outcome => Assert.True(outcome.Score?.Score == 1, $"{outcome.Score?.Reason} {outcome.Failure?.Message}"));
    }

    [Fact]
    public async Task Rows_fail_with_the_remedy_when_it_does_not_and_work_goes_on_when_it_does_later()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var gate = new EngineGate();
        gate.Shut();
        await using var sandbox = new DockerSandbox(new SandboxOptions { Slots = 2, Engine = gate.Endpoint, Transport = SlotTransport.Socket, EnginePatienceSeconds = 1 }, TimeProvider.System);
        var scorer = new CodeScorer(sandbox);
        var started = Stopwatch.GetTimestamp();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => scorer.ScoreAsync(Rows.Honest(n), RewardSettings.Default, cancel)));
        Assert.All(outcomes, outcome => Assert.Null(outcome.Score));
        Assert.All(outcomes, outcome => Assert.Contains("compose/images/engine", outcome.Failure!.Message, StringComparison.Ordinal));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 1, 30);

        gate.Open();
        var later = await scorer.ScoreAsync(Rows.Honest(1), RewardSettings.Default, cancel);
        Assert.True(later.Score?.Score == 1, later.Failure?.Message);
    }

    [Fact]
    public async Task An_image_that_is_missing_is_said_at_once()
    {
        await using var sandbox = new DockerSandbox(new SandboxOptions { Image = "fleet/none:none" }, TimeProvider.System);
        var outcome = await new CodeScorer(sandbox).ScoreAsync(Rows.Honest(1), RewardSettings.Default, TestContext.Current.CancellationToken);
        Assert.Contains("compose/images/make sandbox", outcome.Failure!.Message, StringComparison.Ordinal);
    }

    private static async Task EndSlotsAsync()
    {
        using var docker = Process.Start("bash", ["-c", $"docker rm -f $(docker ps -q --filter 'label=fleet.sandbox.owner={SlotOwner.Self}') > /dev/null 2>&1"]);
        await docker.WaitForExitAsync();
    }
}
