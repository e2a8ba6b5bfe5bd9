using System.Collections.Frozen;
using System.Numerics;
using Fleet.Rewards.Math.Exact;
using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Latex;

/// <summary>Numbers in words, English and Chinese.</summary>
internal static class NumberWords
{
    private const int MaxLength = 120;
    private const string Hundredth = "百分之";

    private static readonly FrozenDictionary<string, int> Values = Table(
        "zero=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 thirteen=13 fourteen=14 fifteen=15 " +
        "sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 a=1");

    private static readonly FrozenDictionary<string, int> Digits = Table("零=0 〇=0 一=1 二=2 两=2 三=3 四=4 五=5 六=6 七=7 八=8 九=9");

    private static readonly FrozenDictionary<string, int> Places = Table("十=1 百=2 千=3 万=4 亿=8");

    /// <summary>The number that a whole answer in words is, or null.</summary>
    public static Number? Of(string answer)
    {
        if (answer.Length is 0 or > MaxLength || !(char.IsLetter(answer[0]) || answer[0] == '\\')) return null;
        var words = answer.StartsWith("\\text{", StringComparison.Ordinal) && answer.EndsWith('}') ? answer[6..^1].Trim() : answer;
        return words.Length > 0 && Value(words) is { } value ? new Number(value) : null;
    }

    /// <summary>The value of words that are a number and nothing else, or null.</summary>
    public static Rational? Value(string words)
    {
        if (words.Length is 0 or > MaxLength) return null;
        if (words[0] >= 0x80) return words.StartsWith(Hundredth, StringComparison.Ordinal) ? Chinese(words.AsSpan(Hundredth.Length)) is { } share ? Rational.Of(share, 100) : null : Chinese(words) is { } value ? value : null;
        return English(words.ToLowerInvariant().Split([' ', '-', '.'], StringSplitOptions.RemoveEmptyEntries)) is { } number ? number : null;
    }

    /// <summary>The power of ten that a word behind a number stands for, or null.</summary>
    public static int? Zeros(string word) => word switch { "hundred" => 2, "thousand" => 3, "million" => 6, "billion" => 9, "trillion" => 12, "万" => 4, "亿" => 8, _ => null };

    // Groups below a thousand, each with its power of ten; a word must go on where the one before left off.
    private static BigInteger? English(string[] words)
    {
        BigInteger total = 0;
        BigInteger group = 0;
        var last = -1;
        var open = 100;
        foreach (var word in words)
        {
            if (word == "and" && last > 0) continue;
            if (Values.TryGetValue(word, out var value))
            {
                if (value >= open || (value == 0 && words.Length > 1) || (word == "a" && (last >= 0 || words.Length == 1))) return null;
                group += value;
                open = value >= 20 ? 10 : 0;
                last = value;
            }
            else if (Zeros(word) is { } zeros && last >= 0 && !group.IsZero)
            {
                if (zeros == 2)
                {
                    if (group > 99) return null;
                    group *= 100;
                }
                else
                {
                    total += group * BigInteger.Pow(10, zeros);
                    group = 0;
                }

                open = 100;
                last = 1;
            }
            else return null;
        }

        return last < 0 ? null : total + group;
    }

    private static BigInteger? Chinese(ReadOnlySpan<char> words)
    {
        if (words.Length == 0) return null;
        BigInteger total = 0;
        BigInteger group = 0;
        var digit = -1;
        foreach (var c in words)
        {
            var word = c.ToString();
            if (Digits.TryGetValue(word, out var value))
            {
                if (digit > 0) return null;
                digit = value;
            }
            else if (Places.TryGetValue(word, out var places))
            {
                if (places >= 4)
                {
                    total = (total + group + Max(digit, 0)) * BigInteger.Pow(10, places);
                    group = 0;
                }
                else group += (digit < 0 ? 1 : digit) * BigInteger.Pow(10, places);

                digit = -1;
            }
            else return null;
        }

        return total + group + Max(digit, 0);
    }

    private static FrozenDictionary<string, int> Table(string entries) => entries
        .Split(' ')
        .Select(entry => entry.Split('='))
        .ToFrozenDictionary(entry => entry[0], entry => int.Parse(entry[1], System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);
}
