namespace Fleet.Rewards.Instructions.Languages;

/// <summary>How langdetect makes characters alike: blanks for what tells nothing, one character for a script or for a group of signs.</summary>
internal sealed class CharacterTables
{
    private readonly string _dropped;
    private readonly string _letters;
    private readonly string _marks;
    private readonly string[] _composed;

    // For each CJK ideograph the one that stands for its group; 0 where it stands for itself.
    private readonly char[] _ideographs = new char[0x9FFF - 0x4E00 + 1];

    /// <summary>Reads the tables from the resource.</summary>
    public CharacterTables(ResourceReader reader)
    {
        _dropped = reader.Text();
        _letters = reader.Text();
        _marks = reader.Text();
        _composed = new string[_marks.Length];
        for (var i = 0; i < _composed.Length; i++) _composed[i] = reader.Text();

        var groups = reader.Number();
        for (var i = 0; i < groups; i++)
        {
            var group = reader.Text();
            foreach (var c in group) _ideographs[c - 0x4E00] = group[0];
        }
    }

    /// <summary>A Vietnamese letter and the tone mark after it as one character, or 0 when they are not such a pair.</summary>
    public char Compose(char letter, char mark)
    {
        if (mark is < '\u0300' or > '\u0323') return '\0';
        var row = _marks.IndexOf(mark);
        var column = row < 0 ? -1 : _letters.IndexOf(letter);
        return column < 0 ? '\0' : _composed[row][column];
    }

    /// <summary>The character that is looked up for this one.</summary>
    public int Normalise(int c) => c switch
    {
        < 0x80 => c is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') ? c : ' ',
        < 0x100 => _dropped.Contains((char)c) ? ' ' : c,
        0x219 => 0x15F, // Romanian s and t: the comma below becomes the cedilla
        0x21B => 0x163,
        0x6CC => 0x64A, // Farsi yeh becomes the Arabic one
        >= 0x1EA0 and <= 0x1EFF => 0x1EC3, // Vietnamese
        >= 0x2000 and <= 0x206F => ' ',
        >= 0x3040 and <= 0x309F => 0x3042, // Hiragana
        >= 0x30A0 and <= 0x30FF => 0x30A2, // Katakana
        (>= 0x3100 and <= 0x312F) or (>= 0x31A0 and <= 0x31BF) => 0x3105, // Bopomofo
        >= 0x4E00 and <= 0x9FFF => _ideographs[c - 0x4E00] is not '\0' and var one ? one : c,
        >= 0xAC00 and <= 0xD7AF => 0xAC00, // Hangul
        _ => c,
    };
}
