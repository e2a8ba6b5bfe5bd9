using System.Text.Json.Nodes;

namespace Fleet.Rewards.Judge.Verdicts;

/// <summary>What a judge decided, as read by the parser of the template that it was asked with.</summary>
/// <param name="Value">How good the response is; in [0, 1].</param>
/// <param name="Label">The verdict in a word or number, as the judge gave it.</param>
/// <param name="Parts">Single criteria by name, or null.</param>
public sealed record Verdict(double Value, string Label, JsonObject? Parts = null);

/// <summary>A verdict, or why there is none in the answer.</summary>
public readonly record struct VerdictReading
{
    private VerdictReading(Verdict? verdict, Reason fault)
    {
        Verdict = verdict;
        Fault = fault;
    }

    /// <summary>The verdict; null when the answer holds none.</summary>
    public Verdict? Verdict { get; }

    /// <summary>Why there is no verdict; the default value when there is one.</summary>
    public Reason Fault { get; }

    /// <summary>A verdict was read; one whose value is no number from 0 to 1 is none.</summary>
    public static VerdictReading Of(Verdict verdict) =>
        verdict.Value is >= 0 and <= 1 ? new(verdict, default) : None(JudgeReasons.Unreadable, "The judge's verdict is worth no number from 0 to 1.");

    /// <summary>The answer holds no verdict, or more than one.</summary>
    public static VerdictReading None(string code, string sentence) => new(null, new Reason(code, sentence));

    /// <summary>The answer is not in the form that the template asked for.</summary>
    public static VerdictReading Unreadable(string expected) => None(JudgeReasons.Unreadable, $"The judge's answer is not {expected}.");
}
