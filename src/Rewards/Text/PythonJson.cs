using System.Buffers;

namespace Fleet.Rewards.Text;

/// <summary>Whether Python's <c>json.loads</c> accepts a text.</summary>
/// <remarks>
/// Python takes <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>, bare scalars, lone surrogate escapes and repeated keys; it refuses a
/// byte order mark, raw control characters in strings, integers of more than 4,300 digits and very deep nesting.
/// One pass with an explicit stack: no recursion, whatever the nesting.
/// </remarks>
public static class PythonJson
{
    /// <summary>The nesting that Python's scanner still follows with its default recursion limit of 1,000, less the callers' frames.</summary>
    public const int MaxDepth = 990;

    /// <summary>The digits that Python converts to an integer.</summary>
    public const int MaxIntegerDigits = 4300;

    private static readonly SearchValues<char> StringStops = SearchValues.Create(
        ['"', '\\', .. Enumerable.Range(0, 32).Select(c => (char)c)]);

    /// <summary>Whether the text is accepted.</summary>
    /// <param name="text">The whole text; blanks around the value are allowed.</param>
    /// <param name="allowConstants">Whether <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> count as JSON, as Python takes them.</param>
    public static bool IsValid(ReadOnlySpan<char> text, bool allowConstants = true)
    {
        var open = new Stack<char>();
        var at = SkipBlank(text, 0);
        while (true)
        {
            // A value is due here.
            if (at >= text.Length) return false;
            if (text[at] is '[' or '{')
            {
                var close = text[at] == '[' ? ']' : '}';
                at = SkipBlank(text, at + 1);
                if (at < text.Length && text[at] == close) at++;
                else
                {
                    if (open.Count >= MaxDepth) return false;
                    open.Push(close);
                    if (close == '}' && !TryKey(text, ref at)) return false;
                    continue;
                }
            }
            else if (!TryScalar(text, ref at, allowConstants))
            {
                return false;
            }

            // A value just ended: close what ends with it, or go on to the next one.
            while (true)
            {
                at = SkipBlank(text, at);
                if (open.Count == 0) return at == text.Length;
                if (at >= text.Length) return false;
                if (text[at] == open.Peek())
                {
                    open.Pop();
                    at++;
                    continue;
                }

                if (text[at] != ',') return false;
                at = SkipBlank(text, at + 1);
                if (open.Peek() == '}' && !TryKey(text, ref at)) return false;
                break;
            }
        }
    }

    private static int SkipBlank(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\r') at++;
        return at;
    }

    private static bool TryKey(ReadOnlySpan<char> text, ref int at)
    {
        if (at >= text.Length || text[at] != '"' || !TryString(text, ref at)) return false;
        at = SkipBlank(text, at);
        if (at >= text.Length || text[at] != ':') return false;
        at = SkipBlank(text, at + 1);
        return true;
    }

    private static bool TryScalar(ReadOnlySpan<char> text, ref int at, bool allowConstants) => text[at] switch
    {
        '"' => TryString(text, ref at),
        't' => TryWord(text, ref at, "true"),
        'f' => TryWord(text, ref at, "false"),
        'n' => TryWord(text, ref at, "null"),
        'N' => allowConstants && TryWord(text, ref at, "NaN"),
        'I' => allowConstants && TryWord(text, ref at, "Infinity"),
        '-' when text[at..].StartsWith("-Infinity") => allowConstants && TryWord(text, ref at, "-Infinity"),
        _ => TryNumber(text, ref at),
    };

    private static bool TryWord(ReadOnlySpan<char> text, ref int at, string word)
    {
        if (!text[at..].StartsWith(word)) return false;
        at += word.Length;
        return true;
    }

    private static bool TryString(ReadOnlySpan<char> text, ref int at)
    {
        at++;
        while (true)
        {
            var stop = text[at..].IndexOfAny(StringStops);
            if (stop < 0) return false;
            at += stop;
            if (text[at] == '"')
            {
                at++;
                return true;
            }

            if (text[at] != '\\' || at + 1 >= text.Length) return false;
            var escape = text[at + 1];
            at += 2;
            if (escape != 'u')
            {
                if (!"\"\\/bfnrt".Contains(escape)) return false;
                continue;
            }

            if (at + 4 > text.Length || text.Slice(at, 4).ContainsAnyExcept(HexDigits)) return false;
            at += 4;
        }
    }

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private static bool TryNumber(ReadOnlySpan<char> text, ref int at)
    {
        var i = at;
        if (i < text.Length && text[i] == '-') i++;
        var whole = Digits(text, i);
        if (whole == 0) return false;

        // A leading zero stands alone; what follows it is then found to be out of place.
        if (text[i] == '0') whole = 1;
        i += whole;

        var isInteger = true;
        if (i < text.Length && text[i] == '.' && Digits(text, i + 1) is > 0 and var fraction)
        {
            i += 1 + fraction;
            isInteger = false;
        }

        if (i < text.Length && text[i] is 'e' or 'E')
        {
            var sign = i + 1 < text.Length && text[i + 1] is '+' or '-' ? 1 : 0;
            if (Digits(text, i + 1 + sign) is > 0 and var exponent)
            {
                i += 1 + sign + exponent;
                isInteger = false;
            }
        }

        if (isInteger && whole > MaxIntegerDigits) return false;
        at = i;
        return true;
    }

    private static int Digits(ReadOnlySpan<char> text, int at)
    {
        var i = at;
        while (i < text.Length && char.IsAsciiDigit(text[i])) i++;
        return i - at;
    }
}
