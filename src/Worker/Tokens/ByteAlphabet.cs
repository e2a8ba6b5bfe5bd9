using System.Text;

namespace Fleet.Worker.Tokens;

/// <summary>The 256 characters that byte-level vocabularies write bytes with, so that a vocabulary is readable text.</summary>
/// <remarks>Printable Latin-1 bytes are their own character; the others are, in order, the characters from U+0100.</remarks>
internal static class ByteAlphabet
{
    private const int Size = 0x144;

    private static readonly short[] ByteOf = Make();

    /// <summary>The bytes of a vocabulary's entry; an entry with a foreign character stands for itself.</summary>
    public static byte[] Bytes(string entry)
    {
        var bytes = new byte[entry.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            int value = entry[i] < Size ? ByteOf[entry[i]] : -1;
            if (value < 0) return Encoding.UTF8.GetBytes(entry);
            bytes[i] = (byte)value;
        }

        return bytes;
    }

    private static short[] Make()
    {
        var bytes = new short[Size];
        bytes.AsSpan().Fill(-1);
        int next = 0x100;
        for (int value = 0; value < 256; value++)
        {
            bool isPrintable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            bytes[isPrintable ? value : next++] = (short)value;
        }

        return bytes;
    }
}
