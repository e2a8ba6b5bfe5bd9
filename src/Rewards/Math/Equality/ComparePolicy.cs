namespace Fleet.Rewards.Math.Equality;

/// <summary>What counts as equal where values alone do not say.</summary>
internal sealed record ComparePolicy
{
    /// <summary>The rule of the default worker.</summary>
    public static ComparePolicy Fixed { get; } = new();

    /// <summary>The rule of the reference: decimals are rounded to six places, contradictions in a chain are not looked at.</summary>
    public static ComparePolicy Reference { get; } = new() { Rounding = 6, IsReference = true };

    /// <summary>Decimal places at which a decimal and any other number are rounded and compared; null to ask for a correct rounding instead.</summary>
    public int? Rounding { get; init; }

    /// <summary>Fewest decimal places of a decimal that may stand for an exact value as its rounding.</summary>
    public int RoundingPlaces { get; init; } = 6;

    /// <summary>Whether 10% and 10 are one answer.</summary>
    public bool PercentIsNumber { get; init; }

    /// <summary>Whether a chain of equalities counts by its ends alone, and letters of choices are variables like any other: the reference's reading.</summary>
    public bool IsReference { get; init; }

    /// <summary>Whether variables may have other names, as long as there are as many of them.</summary>
    public bool AnyNames { get; init; }

    /// <summary>Whether an inequality answers a gold interval.</summary>
    public bool RelationForSet { get; init; } = true;
}
