using System.Globalization;
using System.Text.Json;
using Fleet.Rewards.Judge.Verdicts;

namespace Fleet.Rewards.Judge;

/// <summary>Which form of verdict a template asks for.</summary>
public enum VerdictForm
{
    /// <summary>YES or NO.</summary>
    YesNo,

    /// <summary>A number on a scale.</summary>
    Number,

    /// <summary>One of a set of labels.</summary>
    Labels,

    /// <summary>A number for each of several criteria.</summary>
    Rubric,

    /// <summary>The probability of YES as the first token.</summary>
    YesProbability,

    /// <summary>Which of two responses is better.</summary>
    Pairwise,
}

/// <summary>The verdict parser of a template, in words: its form and what the form needs.</summary>
public sealed record ParserSettings(VerdictForm Form)
{
    private static readonly Dictionary<string, VerdictForm> Forms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["yes_no"] = VerdictForm.YesNo,
        ["number"] = VerdictForm.Number,
        ["labels"] = VerdictForm.Labels,
        ["rubric"] = VerdictForm.Rubric,
        ["yes_probability"] = VerdictForm.YesProbability,
        ["pairwise"] = VerdictForm.Pairwise,
    };

    /// <summary>The worst score of a number or criterion.</summary>
    public double Lowest { get; init; }

    /// <summary>The best score of a number or criterion.</summary>
    public double Highest { get; init; } = 10;

    /// <summary>Label to value in [0, 1].</summary>
    public IReadOnlyDictionary<string, double> Labels { get; init; } = new Dictionary<string, double>();

    /// <summary>Criterion to weight.</summary>
    public IReadOnlyDictionary<string, double> Criteria { get; init; } = new Dictionary<string, double>();

    /// <summary>Whether each request is made in two orders, since a judge favours what it reads first.</summary>
    public bool HasOrder => Form is VerdictForm.Pairwise or VerdictForm.Rubric;

    /// <summary>The criteria in the order in which a request shows them and asks for them.</summary>
    /// <param name="swapped">Whether it is the second order.</param>
    public IReadOnlyDictionary<string, double> CriteriaInOrder(bool swapped) => swapped ? new OrderedDictionary<string, double>(Criteria.Reverse(), StringComparer.OrdinalIgnoreCase) : Criteria;

    /// <summary>The form of this name, or null.</summary>
    public static VerdictForm? FormOf(string name) => Forms.TryGetValue(name.Trim(), out var form) ? form : null;

    /// <summary>The settings with the keys <c>judge_parser</c>, <c>judge_scale</c>, <c>judge_labels</c> and <c>judge_criteria</c> of the configuration laid over them.</summary>
    /// <exception cref="FormatException">A key has a value that no parser can be made of.</exception>
    public ParserSettings With(RewardSettings settings)
    {
        var result = this;
        if (settings.Text("judge_parser") is { } name) result = result with { Form = FormOf(name) ?? throw new FormatException($"judge_parser is '{name}'; known are {string.Join(", ", Forms.Keys)}.") };
        if (settings.Value("judge_scale") is { } scale)
        {
            if (scale.ValueKind != JsonValueKind.Array || scale.GetArrayLength() != 2 || !scale[0].TryNumber(out var lowest) || !scale[1].TryNumber(out var highest))
                throw new FormatException("judge_scale is a list of two numbers, the worst and the best score: [0, 10].");
            result = result with { Lowest = lowest, Highest = highest };
        }

        if (settings.Value("judge_labels") is { } labels) result = result with { Labels = Numbers("judge_labels", labels) };
        if (settings.Value("judge_criteria") is { } criteria) result = result with { Criteria = Numbers("judge_criteria", criteria) };
        return result;
    }

    /// <summary>The parser of these settings.</summary>
    /// <param name="swapped">Whether the request shows the second order.</param>
    /// <exception cref="FormatException">The settings contradict themselves.</exception>
    public IVerdictParser Create(bool swapped = false)
    {
        Check();
        return Form switch
        {
            VerdictForm.YesNo => new YesNoParser(),
            VerdictForm.Number => new NumberParser(Lowest, Highest),
            VerdictForm.Labels => new LabelParser(Labels),
            VerdictForm.Rubric => new RubricParser(CriteriaInOrder(swapped), Lowest, Highest),
            VerdictForm.YesProbability => new YesProbabilityParser(),
            _ => new PairwiseParser(swapped),
        };
    }

    /// <summary>Reads <c>name=number, name=number</c>.</summary>
    internal static Dictionary<string, double> Numbers(string key, string text)
    {
        var result = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = item.LastIndexOf('=');
            var name = (equals < 0 ? item : item[..equals]).Trim();
            var number = 1.0;
            if (equals >= 0 && !double.TryParse(item[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out number))
                throw new FormatException($"{key} has '{item}'; expected is name=number.");
            result[name] = number;
        }

        return result;
    }

    private static Dictionary<string, double> Numbers(string key, JsonElement value)
    {
        var result = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        if (value.ValueKind == JsonValueKind.String) return Numbers(key, value.GetString()!);
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray()) result[item.ToString()] = 1;
            return result;
        }

        if (value.ValueKind != JsonValueKind.Object) throw new FormatException($"{key} is a map from name to number.");
        foreach (var property in value.EnumerateObject())
            result[property.Name] = property.Value.TryNumber(out var number) ? number : throw new FormatException($"{key} has '{property.Name}' without a number.");
        return result;
    }

    private void Check()
    {
        if (!(Highest > Lowest && double.IsFinite(Highest - Lowest))) throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"The scale goes from {Lowest} to {Highest}; the best score must be above the worst."));
        if (Form == VerdictForm.Labels && (Labels.Count < 2 || Labels.Values.Any(v => v is not (>= 0 and <= 1)))) throw new FormatException("A label set has at least two labels, each worth a number from 0 to 1.");
        if (Form == VerdictForm.Rubric && (Criteria.Count == 0 || Criteria.Values.Any(v => !(v > 0)) || !double.IsFinite(Criteria.Values.Sum()))) throw new FormatException("A rubric has at least one criterion, each with a weight above 0.");
    }
}

/// <summary>Numbers in settings, also when they are written as text.</summary>
internal static class SettingNumbers
{
    public static bool TryNumber(this JsonElement value, out double number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number ? value.TryGetDouble(out number) : value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }
}
