namespace Fleet.Rewards.Video;

/// <summary>The Porter stemmer with the extensions of NLTK, on which ROUGE counts words.</summary>
/// <remarks>Source: M. F. Porter, An algorithm for suffix stripping, 1980; nltk/nltk nltk/stem/porter.py, mode NLTK_EXTENSIONS, for the rules that differ.</remarks>
internal static class PorterStemmer
{
    private enum Condition
    {
        Always,
        Measure1,
        Measure2,
        Measure2AfterSOrT,
    }

    // Words whose stem the rules miss.
    private static readonly Dictionary<string, string> Irregular = new(StringComparer.Ordinal)
    {
        ["sky"] = "sky",
        ["skies"] = "sky",
        ["dying"] = "die",
        ["lying"] = "lie",
        ["tying"] = "tie",
        ["news"] = "news",
        ["innings"] = "inning",
        ["inning"] = "inning",
        ["outings"] = "outing",
        ["outing"] = "outing",
        ["cannings"] = "canning",
        ["canning"] = "canning",
        ["howe"] = "howe",
        ["proceed"] = "proceed",
        ["exceed"] = "exceed",
        ["succeed"] = "succeed",
    };

    private static readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> IrregularSpans = Irregular.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly (string Suffix, string Replacement, Condition Condition)[] Plurals =
    [
        ("sses", "ss", Condition.Always), ("ies", "i", Condition.Always), ("ss", "ss", Condition.Always), ("s", "", Condition.Always),
    ];

    private static readonly (string Suffix, string Replacement, Condition Condition)[] Step2 =
    [
        ("ational", "ate", Condition.Measure1), ("tional", "tion", Condition.Measure1), ("enci", "ence", Condition.Measure1), ("anci", "ance", Condition.Measure1),
        ("izer", "ize", Condition.Measure1), ("bli", "ble", Condition.Measure1), ("alli", "al", Condition.Measure1), ("entli", "ent", Condition.Measure1),
        ("eli", "e", Condition.Measure1), ("ousli", "ous", Condition.Measure1), ("ization", "ize", Condition.Measure1), ("ation", "ate", Condition.Measure1),
        ("ator", "ate", Condition.Measure1), ("alism", "al", Condition.Measure1), ("iveness", "ive", Condition.Measure1), ("fulness", "ful", Condition.Measure1),
        ("ousness", "ous", Condition.Measure1), ("aliti", "al", Condition.Measure1), ("iviti", "ive", Condition.Measure1), ("biliti", "ble", Condition.Measure1),
        ("fulli", "ful", Condition.Measure1),
    ];

    private static readonly (string Suffix, string Replacement, Condition Condition)[] Step3 =
    [
        ("icate", "ic", Condition.Measure1), ("ative", "", Condition.Measure1), ("alize", "al", Condition.Measure1), ("iciti", "ic", Condition.Measure1),
        ("ical", "ic", Condition.Measure1), ("ful", "", Condition.Measure1), ("ness", "", Condition.Measure1),
    ];

    private static readonly (string Suffix, string Replacement, Condition Condition)[] Step4 =
    [
        ("al", "", Condition.Measure2), ("ance", "", Condition.Measure2), ("ence", "", Condition.Measure2), ("er", "", Condition.Measure2), ("ic", "", Condition.Measure2),
        ("able", "", Condition.Measure2), ("ible", "", Condition.Measure2), ("ant", "", Condition.Measure2), ("ement", "", Condition.Measure2),
        ("ment", "", Condition.Measure2), ("ent", "", Condition.Measure2), ("ion", "", Condition.Measure2AfterSOrT), ("ou", "", Condition.Measure2),
        ("ism", "", Condition.Measure2), ("ate", "", Condition.Measure2), ("iti", "", Condition.Measure2), ("ous", "", Condition.Measure2), ("ive", "", Condition.Measure2),
        ("ize", "", Condition.Measure2),
    ];

    private static readonly (string Suffix, string Replacement, Condition Condition)[] AfterEdOrIng =
    [
        ("at", "ate", Condition.Always), ("bl", "ble", Condition.Always), ("iz", "ize", Condition.Always),
    ];

    /// <summary>Stems a word in place.</summary>
    /// <param name="word">Small letters and digits; overwritten with the stem, which is never longer.</param>
    /// <returns>The length of the stem in characters.</returns>
    public static int Stem(Span<char> word)
    {
        if (IrregularSpans.TryGetValue(word, out var irregular))
        {
            irregular.CopyTo(word);
            return irregular.Length;
        }

        var length = word.Length;
        if (length <= 2) return length;
        length = Plural(word, length);
        length = PastOrParticiple(word, length);
        if (length > 2 && word[length - 1] == 'y' && IsConsonant(word, length - 2)) word[length - 1] = 'i';
        length = Derivation(word, length);
        length = Apply(Step3, word, length);
        length = Apply(Step4, word, length);
        length = FinalE(word, length);
        return word[..length].EndsWith("ll") && Measure(word[..(length - 1)]) > 1 ? length - 1 : length;
    }

    private static int Plural(Span<char> word, int length) =>
        length == 4 && word[..length].EndsWith("ies") ? length - 1 : Apply(Plurals, word, length);

    private static int PastOrParticiple(Span<char> word, int length)
    {
        var text = word[..length];
        if (text.EndsWith("ied")) return length == 4 ? length - 1 : length - 2;
        if (text.EndsWith("eed")) return Measure(text[..^3]) > 0 ? length - 1 : length;

        var stem = text.EndsWith("ed") && ContainsVowel(text[..^2]) ? length - 2 : text.EndsWith("ing") && ContainsVowel(text[..^3]) ? length - 3 : 0;
        if (stem == 0) return length;

        foreach (var (suffix, replacement, _) in AfterEdOrIng)
        {
            if (word[..stem].EndsWith(suffix)) return Replace(word, stem, suffix, replacement);
        }

        if (EndsInDoubleConsonant(word[..stem])) return word[stem - 1] is 'l' or 's' or 'z' ? stem : stem - 1;
        if (Measure(word[..stem]) != 1 || !EndsInShortSyllable(word[..stem])) return stem;
        word[stem] = 'e';
        return stem + 1;
    }

    private static int Derivation(Span<char> word, int length)
    {
        // "alli" becomes "al" and the rules are tried once more, on a word that no longer ends so.
        if (word[..length].EndsWith("alli") && Measure(word[..(length - 4)]) > 0) length -= 2;
        var text = word[..length];
        if (!text.EndsWith("logi")) return Apply(Step2, word, length);
        return Measure(text[..^3]) > 0 ? length - 1 : length;
    }

    private static int FinalE(Span<char> word, int length)
    {
        if (word[length - 1] != 'e') return length;
        var stem = word[..(length - 1)];
        var measure = Measure(stem);
        return measure > 1 || (measure == 1 && !EndsInShortSyllable(stem)) ? length - 1 : length;
    }

    // The first suffix that fits decides, whether or not its condition holds.
    private static int Apply((string Suffix, string Replacement, Condition Condition)[] rules, Span<char> word, int length)
    {
        foreach (var (suffix, replacement, condition) in rules)
        {
            if (!word[..length].EndsWith(suffix)) continue;
            return Holds(condition, word[..(length - suffix.Length)]) ? Replace(word, length, suffix, replacement) : length;
        }

        return length;
    }

    private static bool Holds(Condition condition, ReadOnlySpan<char> stem) => condition switch
    {
        Condition.Always => true,
        Condition.Measure1 => Measure(stem) > 0,
        Condition.Measure2 => Measure(stem) > 1,
        _ => Measure(stem) > 1 && stem[^1] is 's' or 't',
    };

    private static int Replace(Span<char> word, int length, string suffix, string replacement)
    {
        replacement.CopyTo(word[(length - suffix.Length)..]);
        return length - suffix.Length + replacement.Length;
    }

    private static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u';

    // A y is a consonant at the start and behind a vowel; in a run of them they alternate.
    private static bool IsConsonant(ReadOnlySpan<char> word, int at)
    {
        var start = at;
        while (start > 0 && word[start] == 'y') start--;
        var consonant = !IsVowel(word[start]);
        return (at - start) % 2 == 0 ? consonant : !consonant;
    }

    // How often a vowel is followed by a consonant.
    private static int Measure(ReadOnlySpan<char> stem)
    {
        var (measure, before) = (0, true);
        for (var i = 0; i < stem.Length; i++)
        {
            var consonant = stem[i] == 'y' ? i == 0 || !before : !IsVowel(stem[i]);
            if (consonant && !before) measure++;
            before = consonant;
        }

        return measure;
    }

    private static bool ContainsVowel(ReadOnlySpan<char> stem)
    {
        for (var i = 0; i < stem.Length; i++)
        {
            if (!IsConsonant(stem, i)) return true;
        }

        return false;
    }

    private static bool EndsInDoubleConsonant(ReadOnlySpan<char> word) => word.Length >= 2 && word[^1] == word[^2] && IsConsonant(word, word.Length - 1);

    // Consonant, vowel, consonant other than w, x, y; or a word of a vowel and a consonant.
    private static bool EndsInShortSyllable(ReadOnlySpan<char> word)
    {
        var last = word.Length - 1;
        if (word.Length == 2) return !IsConsonant(word, 0) && IsConsonant(word, 1);
        return word.Length >= 3 && IsConsonant(word, last - 2) && !IsConsonant(word, last - 1) && IsConsonant(word, last) && word[last] is not ('w' or 'x' or 'y');
    }
}
