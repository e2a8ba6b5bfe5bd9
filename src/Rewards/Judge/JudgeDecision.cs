using System.Text.Json.Nodes;
using Fleet.Rewards.Judge.Verdicts;

namespace Fleet.Rewards.Judge;

/// <summary>What one request came to: a verdict, or why there is none after all attempts.</summary>
/// <param name="Ask">The request.</param>
/// <param name="Reading">The verdict or the fault.</param>
/// <param name="Said">The judge's last words about it; empty when it never answered.</param>
public sealed record JudgeObservation(JudgeAsk Ask, VerdictReading Reading, string Said = "");

/// <summary>Makes one score out of the verdicts about a row: the pure half of judging that comes after the judge.</summary>
/// <param name="Score">The score; null when there are not enough verdicts.</param>
/// <param name="Failure">Why there is no score; the default value when there is one.</param>
/// <param name="Detail">The verdicts one by one, their disagreement, and what could not be read.</param>
/// <remarks>
/// Range: score in [0, 1].
/// Fails: without a verdict from more than half of the members there is no score, never a 0 or 0.5 in its place.
/// </remarks>
public sealed record JudgeDecision(RewardScore? Score, Reason Failure, JsonObject Detail)
{
    private const int MostCharsSaid = 500;

    /// <summary>The decision.</summary>
    /// <param name="observations">One for each request of the plan.</param>
    /// <param name="aggregate">How the members' values become one.</param>
    public static JudgeDecision Of(IReadOnlyList<JudgeObservation> observations, JudgeAggregate aggregate)
    {
        var detail = Details(observations);
        List<double> values = [];
        var disputed = false;
        var members = observations.GroupBy(o => (o.Ask.Judge, o.Ask.Sample)).ToList();
        foreach (var member in members)
        {
            // A member that was asked in two orders has a say only with both answers.
            if (member.Any(o => o.Reading.Verdict is null)) continue;
            var own = member.Select(o => o.Reading.Verdict!.Value).ToList();
            disputed |= own.Max() - own.Min() > 1e-9;
            values.Add(own.Average());
        }

        if (values.Count * 2 <= members.Count)
        {
            var fault = observations.First(o => o.Reading.Verdict is null).Reading.Fault;
            return new JudgeDecision(null, fault, detail);
        }

        var score = aggregate == JudgeAggregate.Mean ? values.Average() : Majority(values);
        if (members.Count > 1)
        {
            detail["verdicts"] = values.Count;
            detail["unread"] = members.Count - values.Count;
            detail["disagreement"] = Round(Disagreement(values, aggregate), 6);
        }

        if (observations.Any(o => o.Ask.Swapped)) detail["order_mattered"] = disputed;
        var sentence = observations.Count == 1 ? $"The judge said {observations[0].Reading.Verdict!.Label}." : $"{values.Count} of {members.Count} members gave a verdict.";
        return new JudgeDecision(RewardScore.Scored(score, new Reason(JudgeReasons.Judged, sentence), detail), default, detail);
    }

    private static double Majority(List<double> values) => values.GroupBy(v => v).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First().Key;

    // The share that did not vote with the majority, or the standard deviation of the members.
    private static double Disagreement(List<double> values, JudgeAggregate aggregate)
    {
        if (aggregate == JudgeAggregate.Majority) return 1 - ((double)values.GroupBy(v => v).Max(g => g.Count()) / values.Count);
        var mean = values.Average();
        return Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Count);
    }

    private static JsonObject Details(IReadOnlyList<JudgeObservation> observations)
    {
        var answers = new JsonArray();
        foreach (var (ask, reading, said) in observations)
        {
            var answer = new JsonObject { ["judge"] = ask.Name };
            if (reading.Verdict is { } verdict)
            {
                answer["verdict"] = verdict.Label;
                answer["value"] = verdict.Value;
                if (verdict.Parts is { } parts) answer["criteria"] = parts.DeepClone();
            }
            else
            {
                answer["fault"] = reading.Fault.Code;
                answer["said"] = VerdictReader.Clip(said, MostCharsSaid);
            }

            answers.Add(answer);
        }

        return new JsonObject { ["judges"] = answers };
    }
}
