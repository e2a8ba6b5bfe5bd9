using System.Buffers.Binary;
using System.Text;

namespace Fleet.Worker.Models.Native;

/// <summary>Makes one versioned need of a shared library weak, so that an older C++ runtime may load it.</summary>
/// <remarks>
/// TorchSharp's library asks for GLIBCXX_3.4.32, which came with GCC 13; Debian 12 has 3.4.30. The only symbol of that
/// version is a marker that nothing calls (<c>std::ios_base_library_init</c>). A need with the flag VER_FLG_WEAK is a
/// warning to the loader and not an error. One field of the file changes, in a copy.
/// </remarks>
public static class ElfVersionMend
{
    private const int SectionVersionNeeds = 0x6ffffffe;
    private const ushort Weak = 2;

    /// <summary>Marks every need of this version as weak.</summary>
    /// <param name="image">A 64-bit little-endian ELF file; changed in place.</param>
    /// <param name="version">The version, such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns>How many needs were marked; 0 when the file is no such ELF file or does not need the version.</returns>
    public static int MakeWeak(Span<byte> image, string version)
    {
        if (image.Length < 64 || !image[..4].SequenceEqual("\u007fELF"u8) || image[4] != 2 || image[5] != 1) return 0;
        var sections = (long)BinaryPrimitives.ReadUInt64LittleEndian(image[0x28..]);
        var size = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3a..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3c..]);
        if (size < 64 || sections <= 0 || sections + ((long)size * count) > image.Length) return 0;

        var marked = 0;
        for (var i = 0; i < count; i++)
        {
            var section = image.Slice((int)sections + (i * size), size);
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) != SectionVersionNeeds) continue;
            var strings = BinaryPrimitives.ReadUInt32LittleEndian(section[0x28..]);
            if (strings >= count) return marked;
            var names = Offset(image.Slice((int)sections + ((int)strings * size), size));
            marked += MarkNeeds(image, Offset(section), names, version);
        }

        return marked;
    }

    private static int Offset(ReadOnlySpan<byte> section) => (int)BinaryPrimitives.ReadUInt64LittleEndian(section[0x18..]);

    // Verneed: version(2) count(2) file(4) aux(4) next(4). Vernaux: hash(4) flags(2) other(2) name(4) next(4).
    private static int MarkNeeds(Span<byte> image, int at, int names, string version)
    {
        var marked = 0;
        while (true)
        {
            var entries = BinaryPrimitives.ReadUInt16LittleEndian(image[(at + 2)..]);
            var need = at + BinaryPrimitives.ReadInt32LittleEndian(image[(at + 8)..]);
            for (var i = 0; i < entries; i++)
            {
                if (Name(image, names + BinaryPrimitives.ReadInt32LittleEndian(image[(need + 8)..])) == version)
                {
                    var flags = image[(need + 4)..];
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Weak));
                    marked++;
                }

                need += BinaryPrimitives.ReadInt32LittleEndian(image[(need + 12)..]);
            }

            var next = BinaryPrimitives.ReadInt32LittleEndian(image[(at + 12)..]);
            if (next <= 0) return marked;
            at += next;
        }
    }

    private static string Name(ReadOnlySpan<byte> image, int at)
    {
        var rest = image[at..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }
}
