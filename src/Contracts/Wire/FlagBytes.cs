using System.Buffers.Binary;
using Fleet.Contracts.Batches.Storage;

namespace Fleet.Contracts.Wire;

/// <summary>Bool tensors hold a byte a flag, Arrow a bit: eight at a time from one to the other.</summary>
internal static class FlagBytes
{
    private const ulong Ones = 0x0101010101010101;

    public static byte[] Pack(ReadOnlySpan<byte> flags)
    {
        var packed = new byte[Bits.ByteCount(flags.Length)];
        int whole = flags.Length >> 3;
        for (int i = 0; i < whole; i++)
        {
            ulong eight = BinaryPrimitives.ReadUInt64LittleEndian(flags[(i << 3)..]);
            // Byte k is moved to bit 56 + k; no two products meet.
            packed[i] = (byte)(((eight & Ones) * 0x0102040810204080) >> 56);
        }

        for (int i = whole << 3; i < flags.Length; i++) packed[i >> 3] |= (byte)((flags[i] & 1) << (i & 7));
        return packed;
    }

    public static byte[] Unpack(ReadOnlySpan<byte> packed, int count)
    {
        var flags = new byte[count];
        int whole = count >> 3;
        for (int i = 0; i < whole; i++)
        {
            // Byte k keeps bit k alone, and any bit that is left becomes 1.
            ulong spread = (packed[i] * Ones) & 0x8040201008040201;
            BinaryPrimitives.WriteUInt64LittleEndian(flags.AsSpan(i << 3), ((spread + 0x7F7F7F7F7F7F7F7F) >> 7) & Ones);
        }

        for (int i = whole << 3; i < count; i++) flags[i] = (byte)((packed[i >> 3] >> (i & 7)) & 1);
        return flags;
    }
}
