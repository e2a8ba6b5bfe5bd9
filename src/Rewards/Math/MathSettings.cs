namespace Fleet.Rewards.Math;

/// <summary>The settings of the domain, read once.</summary>
internal sealed class MathSettings
{
    public MathSettings(RewardSettings settings)
    {
        Parity = settings.Parity;
        BoxRequired = settings.Flag("box_required") ?? false;
        AllBoxes = string.Equals(settings.Text("multiple_boxes"), "all", StringComparison.Ordinal);
        PercentIsNumber = settings.Flag("percent_is_number") ?? false;
        RoundingPlaces = (int)Clamp(settings.Number("rounding_places") ?? 6, 1, 60);
        FormatPattern = settings.Text("format_pattern");
        FormatWeight = settings.Number("format_weight") ?? 0;
        RepetitionWeight = settings.Number("repetition_weight") ?? 0;
        LengthWeight = settings.Number("length_weight") ?? 0;
        LongBlockWeight = settings.Number("long_block_weight") ?? 0;
        StepsWeight = settings.Number("steps_weight") ?? 0;
    }

    public Parity Parity { get; }

    /// <summary>Whether an answer outside of a box counts for nothing.</summary>
    public bool BoxRequired { get; }

    /// <summary>Whether boxes that stand side by side are one list, rather than no answer when they disagree.</summary>
    public bool AllBoxes { get; }

    /// <summary>Whether 10% and 10 are one answer.</summary>
    public bool PercentIsNumber { get; }

    /// <summary>Fewest decimal places of a decimal that may stand for an exact value.</summary>
    public int RoundingPlaces { get; }

    /// <summary>What a response must look like, as a regular expression without look-around; null for the reference's own format.</summary>
    public string? FormatPattern { get; }

    public double FormatWeight { get; }

    public double RepetitionWeight { get; }

    public double LengthWeight { get; }

    public double LongBlockWeight { get; }

    public double StepsWeight { get; }

    /// <summary>Whether any component besides correctness has a weight.</summary>
    public bool HasComponents => FormatWeight != 0 || RepetitionWeight != 0 || LengthWeight != 0 || LongBlockWeight != 0 || StepsWeight != 0;
}
