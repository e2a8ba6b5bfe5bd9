using System.Collections.Frozen;

namespace Fleet.Rewards.Math.Latex;

/// <summary>Numbers in words.</summary>
internal static class NumberWords
{
    private static readonly FrozenDictionary<string, int> Values = (
        "zero=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 thirteen=13 " +
        "fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 " +
        "零=0 一=1 二=2 两=2 三=3 四=4 五=5 六=6 七=7 八=8 九=9 十=10")
        .Split(' ')
        .Select(entry => entry.Split('='))
        .ToFrozenDictionary(entry => entry[0], entry => int.Parse(entry[1], System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <summary>The number that a whole answer in words is, or null.</summary>
    public static int? Value(string words)
    {
        if (Values.TryGetValue(words, out var value)) return value;
        var at = words.AsSpan().IndexOfAny(' ', '-');
        return at > 0 && Values.TryGetValue(words[..at], out var tens) && tens >= 20 && tens % 10 == 0 && Values.TryGetValue(words[(at + 1)..], out var ones) && ones is > 0 and < 10 ? tens + ones : null;
    }

    /// <summary>The power of ten that a word behind a number stands for, or null.</summary>
    public static int? Zeros(string word) => word switch { "hundred" => 2, "thousand" => 3, "million" => 6, "billion" => 9, "trillion" => 12, _ => null };
}
