using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Rewards.Math.Equality;
using Fleet.Rewards.Math.Extraction;
using Fleet.Rewards.Math.Latex;
using Fleet.Rewards.Math.Steps;

namespace Fleet.Rewards.Math;

/// <summary>Whether a response gives the gold answer of a mathematical question.</summary>
/// <remarks>
/// Range: score 1 or 0; the reward adds the weighted components, all of weight 0 by default.
/// Fails: no gold answer is invalid (<c>no_ground_truth</c>), a gold answer beyond the budget too; whatever the response holds is scored.
/// Source: alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards/math_rule_reward_worker.py.
/// Differs: the last box of the answer counts wherever it stands, and equality is decided by exact arithmetic.
/// </remarks>
public sealed class MathReward : IReward
{
    private readonly MathSettings _settings;
    private readonly ComparePolicy _policy;
    private readonly Regex? _format;

    /// <summary>Creates the reward; an invalid <c>format_pattern</c> counts as a format that nothing has.</summary>
    public MathReward(RewardSettings settings)
    {
        _settings = new MathSettings(settings);
        _policy = ComparePolicy.Fixed with { PercentIsNumber = _settings.PercentIsNumber, RoundingPlaces = _settings.RoundingPlaces };
        _format = _settings.FormatPattern is { } pattern ? Pattern(pattern) : null;
    }

    private static Regex Pattern(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return new Regex("$.^", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
    }

    /// <inheritdoc />
    public RewardScore Score(Rollout rollout, ScoringContext context)
    {
        if (string.IsNullOrWhiteSpace(rollout.GroundTruth)) return RewardScore.Invalid(new Reason("no_ground_truth", "The row has no gold answer."));
        var units = Min(context.Budget.Left, MathVerifier.MaxUnits);
        var work = new ScoringContext { Budget = new WorkBudget(units), Explanation = context.Explanation };
        var score = Score(rollout, rollout.GroundTruth, work);
        context.Budget.TrySpend(units - work.Budget.Left);
        return score;
    }

    private RewardScore Score(Rollout rollout, string groundTruth, ScoringContext context)
    {
        ParsedAnswer gold;
        try
        {
            gold = GoldAnswer.Parse(groundTruth, context.Budget);
        }
        catch (WorkBudgetSpentException)
        {
            return RewardScore.Invalid(new Reason("gold_over_budget", MathVerifier.Sentence("gold_over_budget")));
        }

        if (gold.Source.Length == 0) return RewardScore.Invalid(new Reason("no_ground_truth", "The gold answer is empty."));
        var detail = new JsonObject();
        bool equal;
        string code;
        try
        {
            (equal, code) = _settings.Parity == Parity.Roll ? ScoreRoll(rollout, gold, context, detail) : ScoreFixed(rollout.Response, gold, context, detail);
        }
        catch (WorkBudgetSpentException)
        {
            (equal, code) = (false, "over_budget");
        }

        detail["gold_form"] = Clip(gold.Form);
        context.Explain("verdict", MathVerifier.Sentence(code));
        var score = equal ? 1.0 : 0.0;
        return RewardScore.Scored(score, score + AddComponents(rollout.Response, context, detail), new Reason(code, MathVerifier.Sentence(code)), detail);
    }

    private (bool Equal, string Code) ScoreFixed(string response, ParsedAnswer gold, ScoringContext context, JsonObject detail)
    {
        var extracted = ResponseAnswer.Extract(response, _settings.BoxRequired, _settings.AllBoxes, context);
        detail["extracted"] = Clip(extracted.Answer);
        detail["extracted_by"] = extracted.How;
        if (extracted.Answer is null) return (false, extracted.How == "boxes_disagree" ? "boxes_disagree" : "no_answer");
        var answer = AnswerParser.Parse(extracted.Answer, context.Budget);
        return Compare(gold, answer, _policy, context, detail);
    }

    private static (bool Equal, string Code) ScoreRoll(Rollout rollout, ParsedAnswer gold, ScoringContext context, JsonObject detail)
    {
        var response = rollout.Response.Replace("<|endoftext|>", "", StringComparison.Ordinal).Replace("<pad>", "", StringComparison.Ordinal);
        var text = RollExtraction.AfterThinking(response, rollout.Prompt);
        var (found, content) = RollExtraction.Boxed(text);
        context.Explain("extracted", found ? $"The last box holds: {Clip(content)}" : "There is no box; the text is searched.");
        var settings = new ExtractionSettings();
        var answer = found ? AnswerParser.Parse(content, context.Budget) : ReferenceExtraction.Extract(text, settings, context.Budget);
        detail["extracted"] = Clip(answer?.Source);
        detail["extracted_by"] = found ? "box" : "text";
        if (answer?.Value is null) return (false, "no_answer");
        return gold.Value is null ? (false, "gold_unparsed") : Compare(gold, answer, ComparePolicy.Reference with { RelationForSet = false }, context, detail);
    }

    private static (bool Equal, string Code) Compare(ParsedAnswer gold, ParsedAnswer answer, ComparePolicy policy, ScoringContext context, JsonObject detail)
    {
        detail["pred_form"] = Clip(answer.Form);
        context.Explain("parsed", $"gold {Clip(gold.Form) ?? "as text"}, answer {Clip(answer.Form) ?? "as text"}");
        return new AnswerComparer(policy, context.Budget).Compare(gold, answer);
    }

    // The sum of the weighted components; correctness is the score itself.
    private double AddComponents(string response, ScoringContext context, JsonObject detail)
    {
        var explain = context.Explanation is not null;
        if (!_settings.HasComponents && !explain) return 0;
        var components = new JsonObject();
        var sum = 0.0;
        void Add(string name, double weight, Func<double> value)
        {
            if (weight == 0 && !explain) return;
            var v = value();
            components[name] = v;
            sum += weight * v;
        }

        Add("format", _settings.FormatWeight, () => Components.Format(response, _format));
        Add("repetition", _settings.RepetitionWeight, () => Components.Repetition(response));
        Add("length", _settings.LengthWeight, () => Components.Length(response));
        Add("long_block", _settings.LongBlockWeight, () => Components.LongestBlock(response));
        Add("steps", _settings.StepsWeight, () =>
        {
            var report = StepCheck.Of(response);
            detail["steps"] = report.ToJson();
            return report.Share;
        });
        detail["components"] = components;
        return sum;
    }

    private static string? Clip(string? text) => text is null || text.Length <= 400 ? text : text[..400] + "...";
}
