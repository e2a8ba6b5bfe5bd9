namespace Fleet.Rewards;

/// <summary>The steps that led to a verdict, in the order in which they were taken.</summary>
public sealed class Explanation
{
    private readonly List<ExplanationStep> _steps = [];

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<ExplanationStep> Steps => _steps;

    /// <summary>Adds a step.</summary>
    /// <param name="step">What was done, in a word or two: <c>extracted</c>, <c>compared</c>.</param>
    /// <param name="what">What came out of it.</param>
    public void Add(string step, string what) => _steps.Add(new ExplanationStep(step, what));
}

/// <summary>One step of an explanation.</summary>
public readonly record struct ExplanationStep(string Step, string What);
