using System.Text.Json.Nodes;

namespace Fleet.Rewards.Choice;

/// <summary>Says what was found where and why that letter, in detail columns, in reasons and in explanations.</summary>
internal static class ChoiceExplanation
{
    private const int MaxExtracted = 200;

    public static readonly Reason Correct = new("correct", "The stated option is the gold option.");
    public static readonly Reason WrongOption = new("wrong_option", "The stated option is not the gold option.");
    public static readonly Reason WrongText = new("wrong_text", "The ground truth is a text and no option, and the answer is another text.");
    public static readonly Reason NotBoxed = new("not_boxed", "The answer is not in a box.");
    public static readonly Reason NoAnswer = new("no_answer", "The response states no option.");
    public static readonly Reason NoGold = new("no_ground_truth", "The row has no gold option to compare with.");
    public static readonly Reason GoldNoOption = new("gold_not_an_option", "The ground truth must start with the capital letter of its option, as in C, C. or C: text.");

    /// <summary>Why a verdict that is not right came out as it did.</summary>
    public static Reason Of(ChoiceVerdict verdict, bool needsBox)
    {
        if (needsBox && !verdict.Boxed) return NotBoxed;
        if (verdict.Correct) return Correct;
        if (verdict.Text is not null) return WrongText;
        if (verdict.Letter is null) return NoAnswer;
        return verdict.Gold is { } gold && !System.Text.Rune.IsUpper(gold) ? GoldNoOption : WrongOption;
    }

    /// <summary>The detail column: extracted text, letter, where it was found, whether it was boxed.</summary>
    public static JsonObject Detail(Rollout rollout, Parity parity, ChoiceVerdict verdict) => new()
    {
        ["extracted"] = Clip(ChoiceVerdict.Extracted(rollout, parity)),
        ["letter"] = verdict.Letter?.ToString(),
        ["form"] = verdict.Form,
        ["boxed"] = verdict.Boxed,
        ["gold"] = verdict.Gold?.ToString(),
    };

    /// <summary>Writes the steps down, if somebody asked for them.</summary>
    public static void Explain(ScoringContext context, Rollout rollout, Parity parity, ChoiceVerdict verdict)
    {
        if (context.Explanation is null) return;

        context.Explain("boxed", verdict.Boxed ? "The judged part has a box; its last one is the answer." : "The judged part has no closed \\boxed{...} with something in it.");
        context.Explain("extracted", Clip(ChoiceVerdict.Extracted(rollout, parity)));
        context.Explain("letter", verdict.Letter is { } letter ? $"{letter}, found as {verdict.Form}" : "No option letter that stands alone.");
        context.Explain("compared", $"{verdict.Letter?.ToString() ?? "nothing"} with gold {verdict.Gold?.ToString() ?? "nothing"}: {(verdict.Correct ? "equal" : "not equal")}");
    }

    private static string Clip(string text) => text.Length <= MaxExtracted ? text : text[..MaxExtracted];
}
