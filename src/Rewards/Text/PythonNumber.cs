using System.Buffers;
using System.Globalization;
using System.Text;

namespace Fleet.Rewards.Text;

/// <summary>Numbers as Python 3 reads and rounds them.</summary>
public static class PythonNumber
{
    private const int StackChars = 128;

    private static readonly SearchValues<char> NumberChars = SearchValues.Create("0123456789.eE+-");

    /// <summary>Reads a number as <c>float(text)</c> does: white space around it, one underscore between digits, digits of any script, inf and nan.</summary>
    public static bool TryParseFloat(ReadOnlySpan<char> text, out double value)
    {
        text = PythonText.Strip(text);
        Span<char> ascii = text.Length <= StackChars ? stackalloc char[text.Length] : new char[text.Length];
        value = 0;
        if (!TryToAscii(text, ascii, out var length)) return false;

        ReadOnlySpan<char> number = ascii[..length];
        if (IsWord(number, out value)) return true;

        // What is left may hold nothing but digits, a point, an exponent and signs; the parser checks their order.
        return number.ContainsAnyInRange('0', '9')
            && !number.ContainsAnyExcept(NumberChars)
            && double.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Rounds to two decimals as <c>round(value, 2)</c> does: by the exact value, and a tie to the even digit.</summary>
    public static double Round2(double value)
    {
        // From 2^52 on there is nothing behind the point.
        if (!double.IsFinite(value) || Abs(value) >= 4503599627370496) return value;

        // A tie has three binary places, and then value times 100 is exact.
        var eighths = value * 8;
        if (eighths == Floor(eighths) && eighths % 2 != 0) return Round(value * 100, MidpointRounding.ToEven) / 100;
        return double.Parse(value.ToString("F2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static bool TryToAscii(ReadOnlySpan<char> text, Span<char> ascii, out int length)
    {
        length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '_')
            {
                // Between two digits only.
                if (i == 0 || i + 1 == text.Length || DigitAt(text, i - 1) < 0 || DigitAt(text, i + 1) < 0) return false;
                continue;
            }

            var digit = DigitAt(text, i);
            if (digit >= 0)
            {
                ascii[length++] = (char)('0' + digit);
                if (char.IsHighSurrogate(text[i])) i++;
            }
            else if (char.IsAscii(text[i]))
            {
                ascii[length++] = text[i];
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static int DigitAt(ReadOnlySpan<char> text, int at)
    {
        if (char.IsAscii(text[at])) return char.IsAsciiDigit(text[at]) ? text[at] - '0' : -1;
        if (char.IsLowSurrogate(text[at]) && at > 0) at--;
        return Rune.DecodeFromUtf16(text[at..], out var rune, out _) == OperationStatus.Done && Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber
            ? (int)Rune.GetNumericValue(rune)
            : -1;
    }

    private static bool IsWord(ReadOnlySpan<char> number, out double value)
    {
        var unsigned = number.Length > 0 && number[0] is '+' or '-' ? number[1..] : number;
        value = unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase) ? double.NaN
            : unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase) || unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase) ? double.PositiveInfinity
            : 0;
        if (value == 0) return false;
        if (number[0] == '-') value = -value;
        return true;
    }
}
