using Fleet.Rewards.Judge.Verdicts;

namespace Fleet.Rewards.Judge;

/// <summary>One request to one judge.</summary>
/// <param name="Judge">The judge's name.</param>
/// <param name="Sample">Which of the samples from this judge; from 0.</param>
/// <param name="Swapped">Whether it shows the second order.</param>
/// <param name="Messages">The messages.</param>
/// <param name="Parser">What reads the answer.</param>
public sealed record JudgeAsk(string Judge, int Sample, bool Swapped, IReadOnlyList<JudgeMessage> Messages, IVerdictParser Parser)
{
    /// <summary>Names the request in details: <c>judge#0</c>, <c>judge#0/swapped</c>.</summary>
    public string Name { get; } = $"{Judge}#{Sample}{(Swapped ? "/swapped" : "")}";
}

/// <summary>How an ensemble's verdicts become one.</summary>
public enum JudgeAggregate
{
    /// <summary>The value that most of them gave; of equally frequent ones the lowest, since credit needs a majority.</summary>
    Majority,

    /// <summary>The mean of their values.</summary>
    Mean,
}

/// <summary>How rows are judged.</summary>
public sealed record JudgePlanOptions
{
    /// <summary>The judges' names; each is asked.</summary>
    public IReadOnlyList<string> Judges { get; init; } = ["judge"];

    /// <summary>How many samples are taken from each judge.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>Whether comparisons and rubrics are asked in both orders.</summary>
    public bool Swap { get; init; } = true;

    /// <summary>Whether the judge also sees what the response says before <c>&lt;/think&gt;</c>.</summary>
    public bool WholeResponse { get; init; }

    /// <summary>The longest response that is shown to a judge, in UTF-16 code units; a longer one is scored 0.</summary>
    public int MaxChars { get; init; } = 200_000;

    /// <summary>How the verdicts become one; null for majority where the verdict is a choice and mean where it is a number.</summary>
    public JudgeAggregate? Aggregate { get; init; }

    /// <summary>Which reading of the rules is used.</summary>
    public Parity Parity { get; init; }
}

/// <summary>What has to be asked about one rollout, or its score when nothing has to be.</summary>
/// <param name="Settled">The outcome, when nobody needs to be asked; otherwise null.</param>
/// <param name="Asks">The requests; empty when settled.</param>
public sealed record JudgePlan(RewardScore? Settled, IReadOnlyList<JudgeAsk> Asks);

/// <summary>Plans the requests of rows: the pure half of judging that comes before the judge.</summary>
/// <remarks>
/// Fails: <c>no_question</c>, <c>no_ground_truth</c>, <c>no_opponent_response</c> (invalid); <c>empty_response</c>, <c>response_too_long</c> (scored 0).
/// Differs: the reference asks once, sequentially, with the texts inserted raw.
/// </remarks>
public sealed class JudgePlanner(JudgeTemplate template, JudgePlanOptions options)
{
    private readonly bool _roll = options.Parity == Parity.Roll && template.Parser.Form is VerdictForm.YesNo or VerdictForm.Number;

    /// <summary>How the verdicts of one row become one.</summary>
    public JudgeAggregate Aggregate { get; } = options.Aggregate ?? (template.Parser.Form is VerdictForm.YesNo or VerdictForm.Labels ? JudgeAggregate.Majority : JudgeAggregate.Mean);

    /// <summary>The requests for one rollout, or its score.</summary>
    public JudgePlan Plan(Rollout rollout)
    {
        var judged = Case(rollout);
        if (Settled(judged) is { } settled) return new JudgePlan(settled, []);

        string[] shown = [judged.Response, judged.Opponent ?? ""];
        List<JudgeAsk> asks = [];
        foreach (var swapped in template.Parser.HasOrder && options.Swap ? new[] { false, true } : [false])
        {
            var messages = JudgePrompt.Messages(template, judged, swapped);
            IVerdictParser parser = _roll ? new RollYesNoParser() : new OwnWordsParser(template.Parser.Create(swapped), shown);
            foreach (var judge in options.Judges)
                for (var sample = 0; sample < options.Samples; sample++) asks.Add(new JudgeAsk(judge, sample, swapped, messages, parser));
        }

        return new JudgePlan(null, asks);
    }

    /// <summary>The messages about a rollout as they would be if its response were empty: what of a request is not the response's doing.</summary>
    public IReadOnlyList<JudgeMessage> WithoutResponse(Rollout rollout, bool swapped) => JudgePrompt.Messages(template, Case(rollout) with { Response = "" }, swapped);

    private JudgeCase Case(Rollout rollout) => JudgeCase.Of(rollout, options.WholeResponse || options.Parity == Parity.Roll);

    private RewardScore? Settled(JudgeCase judged)
    {
        if (string.IsNullOrWhiteSpace(judged.Question)) return RewardScore.Invalid(new Reason(JudgeReasons.NoQuestion, "The row has neither messages nor a prompt."));
        if (template.Parser.Form == VerdictForm.Pairwise && string.IsNullOrWhiteSpace(judged.Opponent)) return RewardScore.Invalid(new Reason(JudgeReasons.NoOpponent, "A comparison needs the column opponent_response."));
        if (NeedsReference && string.IsNullOrWhiteSpace(judged.Reference)) return RewardScore.Invalid(new Reason(JudgeReasons.NoReference, $"Template '{template.Name}' compares with ground_truth and the row has none."));
        if (judged.Response.Length == 0) return RewardScore.Scored(0, new Reason(JudgeReasons.EmptyResponse, "The response is empty; no judge was asked."));
        if (judged.Response.Length > options.MaxChars) return RewardScore.Scored(0, new Reason(JudgeReasons.ResponseTooLong, $"The response has {judged.Response.Length} characters; the judge is shown at most {options.MaxChars}."));
        return null;
    }

    // A yes or no about a match needs something to match; where a template rates, the reference may be missing.
    private bool NeedsReference => template.Uses("reference") && template.Parser.Form is VerdictForm.YesNo or VerdictForm.YesProbability;
}
