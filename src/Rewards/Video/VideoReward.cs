using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Video;

/// <summary>Scores an answer to a question about a video, by the kind of question, and its format.</summary>
/// <remarks>
/// Range:   score in [0, 1], the accuracy; reward in [0, 2], accuracy plus format.
/// Fails:   a row without a solution or a question type is invalid; texts too long to compare score accuracy 0, <c>over_budget</c>.
/// Source:  alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards/video_r1_reward_worker.py.
/// Differs: the score is the accuracy and not the reward; a number that cannot be read is wrong and raises nothing; nan is no right
///          answer; an empty choice is none.
/// </remarks>
internal sealed class VideoReward(RewardSettings settings) : IReward
{
    private const double RegressionEpsilon = 1e-9;

    private static readonly Reason NoGold = new("no_ground_truth", "The row has no solution to compare with.");
    private static readonly Reason NoType = new("no_question_type", "The row does not say what kind of question it asks: question_type is missing.");
    private static readonly Reason Compared = new("compared", "The answer was compared with the solution.");
    private static readonly Reason UnknownType = new("unknown_question_type", "No rule is known for this question type; only the format counts.");
    private static readonly Reason NotANumber = new("not_a_number", "The answer or the solution is not a number.");
    private static readonly Reason OverBudget = new("over_budget", "The texts are too long to compare.");

    public RewardScore Score(Rollout rollout, ScoringContext context)
    {
        if ((rollout.GroundTruth ?? rollout.Text("answer")) is not { } solution) return RewardScore.Invalid(NoGold);
        if (TypeOf(rollout) is not { } type) return RewardScore.Invalid(NoType);

        var (answer, gold) = (VideoAnswer.Of(rollout.Response), VideoAnswer.Of(solution));
        context.Explain("extracted", $"answer '{Clip(answer)}', solution '{Clip(gold)}'");

        var (accuracy, reason) = Accuracy(type, answer, gold, context);
        var format = VideoAnswer.HasFormat(rollout.Response) ? 1.0 : 0.0;
        context.Explain("compared", $"as {Clip(type)}: accuracy {accuracy:0.######}");
        context.Explain("format", format == 1 ? "Thinking, then the answer, each in its tags and nothing else." : "Not thinking and then the answer, each in its tags and nothing else.");

        var reward = accuracy + format;
        return RewardScore.Scored(settings.Parity == Parity.Roll ? reward : accuracy, reward, reason, () => new JsonObject
        {
            ["extracted"] = Clip(answer),
            ["acc_reward"] = accuracy,
            ["fmt_reward"] = format,
            ["question_type"] = Clip(type),
        });
    }

    // The trainer's own name for the column is reward_model, a text there.
    private string? TypeOf(Rollout rollout) =>
        rollout.Text("question_type") ?? (rollout.Column("reward_model") is { ValueKind: JsonValueKind.String } type ? type.GetString() : settings.Text("question_type"));

    private (double Accuracy, Reason Reason) Accuracy(string type, string answer, string gold, ScoringContext context)
    {
        try
        {
            return type switch
            {
                "multiple choice" => (Choice(answer, gold), Compared),
                "numerical" => Numerical(answer, gold),
                "regression" => Regression(answer, gold),
                "OCR" => (Recognition(answer, gold, context.Budget), Compared),
                "free-form" => (Clamp(Rouge.Of(answer, gold, context.Budget).Mean, 0, 1), Compared),
                _ => (0, UnknownType),
            };
        }
        catch (WorkBudgetSpentException)
        {
            return (0, OverBudget);
        }
    }

    private double Choice(string answer, string gold)
    {
        var letter = VideoAnswer.Choice(answer);
        if (letter.IsEmpty && settings.Parity == Parity.Fixed) return 0;
        return letter.SequenceEqual(VideoAnswer.Choice(gold)) ? 1 : 0;
    }

    private static (double, Reason) Numerical(string answer, string gold)
    {
        if (answer.AsSpan().ContainsAny('.', ',') != gold.AsSpan().ContainsAny('.', ',')) return (0, Compared);
        if (Number(answer) is not { } first || Number(gold) is not { } second) return (0, NotANumber);
        return (PythonNumber.Round2(first) == PythonNumber.Round2(second) ? 1 : 0, Compared);
    }

    private (double, Reason) Regression(string answer, string gold)
    {
        if (Number(answer) is not { } first || Number(gold) is not { } second) return (0, NotANumber);
        if (settings.Parity == Parity.Fixed && (double.IsNaN(first) || double.IsNaN(second))) return (0, NotANumber);

        // An infinite solution makes this not a number, which the reference's clamping turns into no error at all.
        var error = (Abs(first - second) + RegressionEpsilon) / (Abs(second) + RegressionEpsilon);
        return (1 - (error > 0 ? Min(1, error) : 0), Compared);
    }

    // One less the word error rate.
    private static double Recognition(string answer, string gold, WorkBudget budget)
    {
        var both = $"{gold} {answer}";
        var words = PythonText.Words(both);
        var goldWords = PythonText.Words(gold).Count;
        budget.Spend(both.Length + WordAlignment.Work(goldWords, words.Count - goldWords));

        ReadOnlySpan<int> numbers = WordNumbers.Of(both, words);
        var distance = WordAlignment.EditDistance(numbers[..goldWords], numbers[goldWords..]);
        return Max(0, 1 - (double)distance / Max(1, goldWords));
    }

    private static double? Number(string text) => PythonNumber.TryParseFloat(text.Replace(",", "", StringComparison.Ordinal), out var number) ? number : null;

    private static string Clip(string text) => text.Length <= 80 ? text : text[..80];
}
