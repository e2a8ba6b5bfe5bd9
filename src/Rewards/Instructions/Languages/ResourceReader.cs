namespace Fleet.Rewards.Instructions.Languages;

/// <summary>Reads the numbers and texts of the embedded resource in the order in which they were written.</summary>
internal sealed class ResourceReader(byte[] bytes)
{
    private int _at;

    /// <summary>The next number: seven bits a byte, the lowest first, the eighth bit set while more follow.</summary>
    public int Number()
    {
        var number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = bytes[_at++];
            number |= (b & 0x7F) << shift;
            if (b < 0x80) return number;
        }
    }

    /// <summary>The next text: its length and its UTF-16 code units.</summary>
    public string Text()
    {
        var units = new char[Number()];
        for (var i = 0; i < units.Length; i++) units[i] = (char)Number();
        return new string(units);
    }
}
