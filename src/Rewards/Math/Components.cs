using System.Text.RegularExpressions;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Math;

/// <summary>What a response is besides right or wrong: its format, repetition, length and longest block.</summary>
internal static class Components
{
    private const int LongBlock = 100;
    private const double LengthUnit = 20_000;

    /// <summary>0 when the response has the format, else -1.</summary>
    /// <remarks>
    /// Without a pattern: the text begins with <c>&lt;think&gt;</c>, and behind it stand, in this order, <c>&lt;/think&gt;</c>,
    /// <c>&lt;answer&gt;</c> and a line that ends with <c>&lt;/answer&gt;</c>. Source: alibaba/ROLL@8eb27cc2, whose backtracking expression a scan replaces here.
    /// </remarks>
    public static double Format(string response, Regex? pattern)
    {
        if (pattern is not null) return pattern.Match(response) is { Success: true, Index: 0 } ? 0 : -1;
        if (!response.StartsWith("<think>", StringComparison.Ordinal)) return -1;
        var think = response.IndexOf("</think>", 7, StringComparison.Ordinal);
        if (think < 0) return -1;
        var answer = response.IndexOf("<answer>", think + 8, StringComparison.Ordinal);
        if (answer < 0) return -1;
        for (var end = response.IndexOf("</answer>", answer + 8, StringComparison.Ordinal); end >= 0; end = response.IndexOf("</answer>", end + 1, StringComparison.Ordinal))
        {
            if (end + 9 == response.Length || response[end + 9] == '\n') return 0;
        }

        return -1;
    }

    /// <summary>In [-0.1, 0]: the share of repeated word triples.</summary>
    public static double Repetition(string response) => RepetitionPenalty.Of(response, 3, -0.1);

    /// <summary>Code points by 20,000.</summary>
    public static double Length(string response)
    {
        var surrogates = 0;
        foreach (var c in response)
        {
            if (char.IsLowSurrogate(c)) surrogates++;
        }

        return (response.Length - surrogates) / LengthUnit;
    }

    /// <summary>-1 when a block between spaces has more than 100 code points, else 0.</summary>
    public static double LongestBlock(string response)
    {
        var block = 0;
        foreach (var c in response)
        {
            if (c == ' ') block = 0;
            else if (!char.IsLowSurrogate(c) && ++block > LongBlock) return -1;
        }

        return 0;
    }
}
