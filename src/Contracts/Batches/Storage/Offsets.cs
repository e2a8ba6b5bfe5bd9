using System.Runtime.InteropServices;

namespace Fleet.Contracts.Batches.Storage;

/// <summary>Where the rows of a ragged column end, as Arrow keeps it: int32 [rows + 1].</summary>
internal static class Offsets
{
    /// <summary>The offsets of a run of rows counted from its first, and where that first began.</summary>
    public static (ReadOnlyMemory<byte> FromZero, int First) Rebase(ReadOnlyMemory<byte> bytes, int rows)
    {
        bytes = bytes[..((rows + 1) * sizeof(int))];
        var offsets = MemoryMarshal.Cast<byte, int>(bytes.Span);
        int first = offsets[0];
        if (first == 0) return (bytes, 0);

        var rebased = new byte[bytes.Length];
        var target = MemoryMarshal.Cast<byte, int>(rebased.AsSpan());
        for (int i = 0; i < target.Length; i++) target[i] = offsets[i] - first;
        return (rebased, first);
    }
}
