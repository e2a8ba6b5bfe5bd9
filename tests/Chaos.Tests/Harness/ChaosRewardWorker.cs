using System.Text.Json.Nodes;
using Fleet.Rewards;
using Fleet.Worker.Runs;
using Fleet.Worker.Scoring;

namespace Fleet.Chaos.Tests.Harness;

/// <summary>A custom worker, loaded as a plug-in, that takes its time over a row, so that there is a midway to hit; that some rows kill; and that may note which rows it scored.</summary>
public sealed class ChaosRewardWorker : RewardWorker
{
    /// <summary>The response that takes the process down.</summary>
    public const string Poison = "poison";

    private static readonly Lock Gate = new();

    private TimeSpan _delay;
    private string? _notes;

    public override async Task InitializeAsync(WorkerSetup setup, CancellationToken cancellation)
    {
        await base.InitializeAsync(setup, cancellation);
        _delay = TimeSpan.FromMilliseconds(Config.Number("delay_ms") ?? 0);
        if (Config.Text("notes") is { } folder) _notes = Path.Combine(folder, System.Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    protected override async ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation)
    {
        if (_delay > TimeSpan.Zero) await Task.Delay(_delay, cancellation);
        if (rollout.Response == Poison) System.Environment.FailFast("A row that kills its worker.");
        if (_notes is not null)
        {
            lock (Gate) File.AppendAllText(_notes, rollout.Text("id") + "\n");
        }

        var isRight = rollout.Response == rollout.GroundTruth;
        return RewardScore.Scored(isRight ? 1 : 0, new Reason(isRight ? "equal" : "not_equal"), new JsonObject { ["characters"] = rollout.Response.Length });
    }
}
