namespace Fleet.Rewards.Judge;

/// <summary>A judge's settings can never work: told once, when the judge is set up, and never for a row.</summary>
public sealed class JudgeSetupException : Exception
{
    /// <summary>Creates the exception.</summary>
    public JudgeSetupException(string message) : base(message) { }
}
