using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Fleet.Dispatcher.Rollouts;

/// <summary>Makes a line of JSON valid text throughout: what is broken costs a character, wherever in the row it stands, and not the row.</summary>
/// <remarks>Samplers cut tokens in the middle of a character, and Python's json module writes the halves as they are.</remarks>
internal static class WellFormed
{
    private const int EscapeLength = 6; // \ud83d

    /// <summary>The same line; bytes that are no UTF-8, and escapes of half a surrogate pair, are the replacement character.</summary>
    /// <param name="line">One line; its escapes are mended in place.</param>
    public static Memory<byte> Of(Memory<byte> line)
    {
        if (!Utf8.IsValid(line.Span)) line = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line.Span));
        MendSurrogates(line.Span);
        return line;
    }

    private static void MendSurrogates(Span<byte> line)
    {
        var at = 0;
        while (line[at..].IndexOf((byte)'\\') is var next and >= 0)
        {
            at += next;
            if (Surrogate(line[at..]) is not { } unit)
            {
                // A backslash and what it escapes, which may be a backslash too.
                at = Math.Min(line.Length, at + 2);
            }
            else if (char.IsHighSurrogate(unit) && Surrogate(line[(at + EscapeLength)..]) is { } second && char.IsLowSurrogate(second))
            {
                at += 2 * EscapeLength;
            }
            else
            {
                "\\ufffd"u8.CopyTo(line[at..]);
                at += EscapeLength;
            }
        }
    }

    private static char? Surrogate(ReadOnlySpan<byte> text) =>
        text.StartsWith("\\u"u8) && text.Length >= EscapeLength
        && ushort.TryParse(text[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) && char.IsSurrogate((char)unit)
            ? (char)unit
            : null;
}
