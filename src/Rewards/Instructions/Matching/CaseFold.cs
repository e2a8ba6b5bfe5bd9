using System.Text;

namespace Fleet.Rewards.Instructions.Matching;

/// <summary>One character for all that Python's <c>re.IGNORECASE</c> takes for the same letter.</summary>
/// <remarks>Python compares simple lower cases, and knows some letters besides that share an upper case.</remarks>
internal static class CaseFold
{
    /// <summary>The character that stands for this one.</summary>
    public static int Of(int c)
    {
        if (c < 128) return c is >= 'A' and <= 'Z' ? c | 0x20 : c;
        if (!Rune.IsValid(c)) return c;
        return Same(c == 0x130 ? 'i' : Rune.ToLowerInvariant(new Rune(c)).Value);
    }

    private static int Same(int c) => c switch
    {
        0x131 => 'i',
        0x17F => 's',
        0xB5 => 0x3BC,
        0x345 or 0x1FBE => 0x3B9,
        0x1FD3 => 0x390,
        0x1FE3 => 0x3B0,
        0x3C2 => 0x3C3,
        0x3D0 => 0x3B2,
        0x3D1 => 0x3B8,
        0x3D5 => 0x3C6,
        0x3D6 => 0x3C0,
        0x3F0 => 0x3BA,
        0x3F1 => 0x3C1,
        0x3F5 => 0x3B5,
        0x1C80 => 0x432,
        0x1C81 => 0x434,
        0x1C82 => 0x43E,
        0x1C83 => 0x441,
        0x1C84 or 0x1C85 => 0x442,
        0x1C86 => 0x44A,
        0x1C87 => 0x463,
        0x1C88 => 0xA64B,
        0x1E9B => 0x1E61,
        0xFB05 => 0xFB06,
        _ => c,
    };
}
