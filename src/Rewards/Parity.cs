namespace Fleet.Rewards;

/// <summary>Which reading of a rule is used where the reference is wrong.</summary>
public enum Parity
{
    /// <summary>The right verdict. The default.</summary>
    Fixed,

    /// <summary>The verdicts and reward formulas of the ROLL framework, harmless quirks included.</summary>
    Roll,
}
