using System.Globalization;
using System.Text.Json;
using Fleet.Rewards;

namespace Fleet.Worker.Judging;

/// <summary>How a judge writes: the keys of <c>generating_args</c>, wherever the judge runs.</summary>
/// <remarks>Numbers may be written as text. Each is null when the configuration says nothing of it.</remarks>
public sealed record GeneratingArgs
{
    /// <summary>Sampling temperature.</summary>
    /// <value>0 or more.</value>
    public double? Temperature { get; init; }

    /// <summary>Nucleus sampling: the share of the probability that is drawn from.</summary>
    /// <value>Above 0, at most 1.</value>
    public double? TopP { get; init; }

    /// <summary>How many of the likeliest tokens are drawn from.</summary>
    /// <value>0 or -1 for all of them, else 1 or more.</value>
    public int? TopK { get; init; }

    /// <summary>The longest answer.</summary>
    /// <value>Tokens, 1 or more.</value>
    public int? MaxNewTokens { get; init; }

    /// <summary>The settings of a domain.</summary>
    /// <exception cref="JudgeSetupException">A value is no number, or out of its range.</exception>
    public static GeneratingArgs Of(RewardSettings settings) => Of(settings.Value("generating_args"));

    /// <summary>The settings in a map; none when it is no map.</summary>
    /// <exception cref="JudgeSetupException">A value is no number, or out of its range.</exception>
    public static GeneratingArgs Of(JsonElement? map) => new()
    {
        Temperature = Number(map, "temperature", value => value >= 0, "0 or more"),
        TopP = Number(map, "top_p", value => value is > 0 and <= 1, "above 0 and at most 1"),
        TopK = (int?)Number(map, "top_k", value => value is >= -1 and <= int.MaxValue && value == Math.Floor(value), "a whole number of 1 or more, or 0 for all"),
        MaxNewTokens = (int?)Number(map, "max_new_tokens", value => value is >= 1 and <= int.MaxValue && value == Math.Floor(value), "a whole number of 1 or more"),
    };

    private static double? Number(JsonElement? map, string name, Func<double, bool> isPossible, string expected)
    {
        if (map is not { ValueKind: JsonValueKind.Object } args || !args.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        var number = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var written) => written,
            _ => double.NaN,
        };
        return double.IsFinite(number) && isPossible(number) ? number : throw new JudgeSetupException($"generating_args.{name} is {value.GetRawText()}; expected is {expected}.");
    }
}
