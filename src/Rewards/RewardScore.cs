using System.Text.Json.Nodes;

namespace Fleet.Rewards;

/// <summary>What a reward says of one rollout: a score with its reason, or that the row's own data cannot be scored.</summary>
/// <remarks>
/// There are only these two outcomes here. Whatever the response did, deterministically, is scored, most often with 0;
/// only the row's own data (no gold answer, no tests, a gold answer that cannot be read) makes it invalid.
/// Failures of the surroundings never come out of this library.
/// </remarks>
public sealed record RewardScore
{
    // A JsonObject, or the function that makes it: most rows of a large batch are never looked at.
    private readonly object? _detail;

    private RewardScore(double? score, double? reward, Reason reason, object? detail)
    {
        Score = score;
        Reward = reward;
        Reason = reason;
        _detail = detail;
    }

    /// <summary>How right the response is.</summary>
    /// <value>In the range that the domain declares, most often 0 or 1; null when the row is invalid.</value>
    public double? Score { get; }

    /// <summary>The training reward; equal to <see cref="Score"/> unless the domain adds terms of its own.</summary>
    /// <value>Null when the row is invalid.</value>
    public double? Reward { get; }

    /// <summary>Why: one short code with a sentence.</summary>
    public Reason Reason { get; }

    /// <summary>What was extracted and how the parts came out, for people and for tools; null when there is nothing to add.</summary>
    /// <remarks>Made when it is asked for; ask once.</remarks>
    public JsonObject? Detail => _detail is Func<JsonObject> make ? make() : (JsonObject?)_detail;

    /// <summary>Whether the row has a score.</summary>
    public bool IsScored => Score is not null;

    /// <summary>A verdict that stands. The reward equals the score.</summary>
    public static RewardScore Scored(double score, Reason reason, JsonObject? detail = null) => new(score, score, reason, detail);

    /// <summary>A verdict that stands, with a training reward of its own.</summary>
    public static RewardScore Scored(double score, double reward, Reason reason, JsonObject? detail = null) => new(score, reward, reason, detail);

    /// <summary>A verdict that stands, with a training reward of its own and a detail that is made when somebody asks for it.</summary>
    public static RewardScore Scored(double score, double reward, Reason reason, Func<JsonObject> detail) => new(score, reward, reason, detail);

    /// <summary>The row's own data cannot be scored: nobody's response could be.</summary>
    public static RewardScore Invalid(Reason reason, JsonObject? detail = null) => new(null, null, reason, detail);
}

/// <summary>Why a row got what it got.</summary>
/// <param name="Code">One short snake_case code, the same for all rows of the same kind, such as <c>no_answer</c>.</param>
/// <param name="Sentence">One sentence for a person; empty when the code says it all.</param>
public readonly record struct Reason(string Code, string Sentence = "")
{
    /// <summary>The code, followed by the sentence when there is one.</summary>
    public override string ToString() => Sentence.Length == 0 ? Code : $"{Code}: {Sentence}";
}
