using System.Globalization;
using System.Text;

namespace Fleet.Worker.Tokens;

/// <summary>Pieces that write a space as U+2581 and, where a vocabulary falls back to bytes, one byte as &lt;0x0A&gt;.</summary>
internal static class SpacedPieces
{
    public static byte[] Bytes(string piece, bool mayBeByte) =>
        mayBeByte && piece.Length == 6 && piece.StartsWith("<0x", StringComparison.Ordinal) && piece[5] == '>'
        && byte.TryParse(piece.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
            ? [value]
            : Encoding.UTF8.GetBytes(piece.Replace('\u2581', ' '));
}
