using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Ranks;
using Fleet.Rewards;
using Fleet.Rewards.Text;
using Fleet.Worker.Scoring;

namespace CustomWorker;

/// <summary>Scores an answer in tags: is it right, does the response have the form, does it repeat itself.</summary>
public sealed class AnswerFormatRewardWorker : RewardWorker
{
    private static readonly Regex Form = new(@"\A\s*<think>.*</think>\s*<answer>(?<answer>.*)</answer>\s*\z", RegexOptions.NonBacktracking | RegexOptions.Singleline);

    private long _rows;

    /// <summary>One row: score 1 for the gold answer, else 0; the reward adds <c>format_weight</c> (default 0.2) for the form, and a repetition penalty.</summary>
    protected override ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation)
    {
        if (rollout.GroundTruth is not { } gold) return new(RewardScore.Invalid(new Reason("no_ground_truth", "The row has no gold answer.")));
        Interlocked.Increment(ref _rows);

        var form = Form.Match(rollout.Response);
        var answer = form.Groups["answer"].Value.Trim();
        var score = form.Success && answer == gold.Trim() ? 1.0 : 0.0;
        var format = form.Success ? Config.Number("format_weight") ?? 0.2 : 0.0;
        var repetition = RepetitionPenalty.Of(rollout.Response);

        var reason = !form.Success ? new Reason("no_format", "The response is not thinking and then an answer, each in its tags.") : new Reason(score == 1 ? "equal" : "not_equal");
        return new(RewardScore.Scored(score, score + format + repetition, reason, new JsonObject { ["answer"] = answer, ["format"] = format, ["repetition"] = repetition }));
    }

    /// <summary>A method of its own, called by name on every rank: how many rows each has scored.</summary>
    [Register(DispatchMode.OneToAll)]
    public DataProto CountRows() => DataProto.Empty.WithMeta(MetaInfo.Empty.With("rows", Interlocked.Read(ref _rows)));
}
