namespace Fleet.Rewards.Math.Extraction;

/// <summary>What was taken from a response as its answer.</summary>
/// <param name="Answer">The answer's text; null when there is none.</param>
/// <param name="How">How it was found: <c>box</c>, <c>phrase</c>, <c>last_formula</c>, <c>none</c>, <c>boxes_disagree</c>.</param>
internal readonly record struct Extracted(string? Answer, string How)
{
    public static Extracted None { get; } = new(null, "none");
}
