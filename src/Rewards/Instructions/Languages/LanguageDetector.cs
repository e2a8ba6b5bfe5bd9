using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Languages;

/// <summary>Names the language of a text by its n-grams of one to three characters.</summary>
/// <remarks>
/// The method and the figures are langdetect's; its random draws are not. Every n-gram of the text counts once: the language with the
/// largest sum of <c>ln(0.5/10000 + p(n-gram | language))</c> wins. A text that langdetect answers alike whatever its seed gets that answer.
/// Differs: the reference draws n-grams at random until one language is probable enough.
/// </remarks>
internal static class LanguageDetector
{
    /// <summary>Whether there is a profile of this language.</summary>
    public static bool Knows(string code) => LanguageProfiles.Shared.Codes.Contains(code);

    /// <summary>The code of the text's language, such as <c>en</c> or <c>zh-cn</c>; null when the text has no known n-gram.</summary>
    public static string? Detect(string text)
    {
        var profiles = LanguageProfiles.Shared;
        var evidence = new Evidence(profiles, stackalloc double[profiles.Codes.Length]);
        foreach (var c in CleanText.Of(text, profiles.Tables)) evidence.Add(profiles.Tables.Normalise(c));
        return evidence.Best() is >= 0 and var best ? profiles.Codes[best] : null;
    }

    // Walks over the characters as langdetect's NGram does, and sums up what each n-gram says.
    private ref struct Evidence(LanguageProfiles profiles, Span<double> sums)
    {
        private readonly Span<double> _sums = sums;
        private int _last = ' ';
        private int _second;
        private int _third;
        private int _length = 1;
        private bool _capitalWord;
        private bool _any;

        public void Add(int c)
        {
            var last = _last;
            if (last == ' ')
            {
                // A blank parts words: what came before it is forgotten.
                _length = 1;
                _capitalWord = false;
                if (c == ' ') return;
            }

            _third = _second;
            _second = last;
            _last = c;
            if (_length < 3) _length++;

            if (IsUpper(c)) _capitalWord |= IsUpper(last);
            else _capitalWord = false;
            if (!_capitalWord) Count();
        }

        /// <summary>The number of the language with the largest sum, the first of several; -1 when nothing was counted.</summary>
        public readonly int Best()
        {
            if (!_any) return -1;
            var best = 0;
            for (var i = 1; i < _sums.Length; i++)
            {
                if (_sums[i] > _sums[best]) best = i;
            }

            return best;
        }

        private void Count()
        {
            if (_last != ' ') _any |= profiles.AddTo(_sums, LanguageProfiles.Key(_last));
            _any |= profiles.AddTo(_sums, LanguageProfiles.Key(_second, _last));
            if (_length == 3) _any |= profiles.AddTo(_sums, LanguageProfiles.Key(_third, _second, _last));
        }

        private static bool IsUpper(int c) =>
            c < 128 ? c is >= 'A' and <= 'Z' : System.Text.Rune.IsValid(c) && PythonCase.IsUpper(new System.Text.Rune(c));
    }
}
