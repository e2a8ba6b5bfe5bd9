namespace Fleet.Rewards.Choice;

/// <summary>Reads one option letter where a text is expected to name one.</summary>
/// <remarks>
/// A letter counts only when it stands alone: <c>C</c>, <c>(c)</c>, <c>**C**</c>, <c>\text{C}</c>, <c>Option C:</c>, but not
/// the <c>C</c> of <c>Carbon</c>, <c>C(s)</c>, <c>C = 4</c> or <c>A careful</c>. Capitals and small letters are the same, and so
/// are the full-width forms.
/// </remarks>
internal static class OptionToken
{
    [Flags]
    private enum CharKind : byte
    {
        Decoration = 1,
        Opening = 2,
        Closing = 4,
        Ending = 8,
        Operator = 16,
    }

    // More steps than this between a statement and its letter, and it is no statement; a box is read to its end.
    private const int MaxSteps = 12;

    private const string DecorationChars = " \t\r\n\u00a0\u3000*_$`\"'\u2018\u2019\u201c\u201d#>~.:=-\u2013\u2014\u2026\uff1a";

    private const string OpeningChars = "([{\uff08\u3010<";

    private const string ClosingChars = ")]}\uff09\u3011>";

    private const string EndingChars = ".,;:!?)]}>*$\"\u2018\u201c\u201d`|<&/~\u3002\uff0c\uff1a\uff1b\uff01\uff1f\uff09\u3011\u3001\uff0e";

    private const string OperatorChars = "=+<>^\u00d7\u2248\u2264\u2265\u2260\u00b7\u00b1";

    private const int Ascii = 128;

    private static readonly CharKind[] AsciiKinds = [.. Enumerable.Range(0, Ascii).Select(c => KindOf((char)c))];

    // Words that may stand between "the answer is" and the letter.
    private static readonly HashSet<string> Fillers = new(StringComparer.OrdinalIgnoreCase)
    {
        "option", "options", "choice", "letter", "answer", "the", "is", "be", "therefore", "thus", "hence", "clearly", "definitely", "indeed",
        "simply", "likely", "most", "probably", "correct", "final", "best", "right", "only", "also", "either", "both", "in", "fact", "actually", "still",
        "not", "to",
    };

    // Words that may follow a letter that stands without brackets.
    private static readonly HashSet<string> Followers = new(StringComparer.OrdinalIgnoreCase)
    {
        "because", "since", "as", "and", "or", "but", "which", "is", "for", "due", "with", "if", "when", "not", "rather", "instead", "are", "was", "would",
    };

    // LaTeX that dresses a letter; any other command makes a formula of it.
    private static readonly HashSet<string> Dressings = new(StringComparer.Ordinal)
    {
        "text", "textbf", "textit", "textrm", "textsf", "textup", "mathbf", "mathrm", "mathit", "mathsf", "mathbb", "mathcal", "boldsymbol", "bm", "bf", "rm",
        "boxed", "fbox", "framebox", "underline", "emph", "displaystyle", "large", "Large", "LARGE", "huge", "Huge", "quad", "qquad", "left", "boldmath",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> IsDressing = Dressings.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] Turns = ["but rather", "but", "rather", "instead", "it is", "it's"];

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> IsFiller = Fillers.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> IsFollower = Followers.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reads the option that a text opens with, behind decoration, brackets, LaTeX commands and filler words.</summary>
    /// <param name="text">The text from the place where an option is expected.</param>
    /// <param name="length">How many characters were read, the letter included.</param>
    /// <returns>The letter in upper case, A to Z; null when the text opens with none.</returns>
    public static char? Read(ReadOnlySpan<char> text, out int length)
    {
        var letter = Read(text, MaxSteps, loose: false, out length, out var negated);
        if (letter is null || !negated) return letter;

        // "not D but B", "not D, it is B": the letter that is meant comes behind the one that is ruled out.
        var turn = TurnLength(text[length..]);
        if (turn == 0) return null;
        letter = Read(text[(length + turn)..], MaxSteps, loose: false, out var rest, out negated);
        length += turn + rest;
        return negated ? null : letter;
    }

    /// <summary>Reads the option in a box, where any word may follow the letter.</summary>
    public static char? ReadBox(ReadOnlySpan<char> content)
    {
        var letter = Read(content, int.MaxValue, loose: true, out _, out var negated);
        return negated ? Read(content, out _) : letter;
    }

    private static char? Read(ReadOnlySpan<char> text, int steps, bool loose, out int length, out bool negated)
    {
        var at = 0;
        var bracketed = false;
        negated = false;
        while (at < text.Length)
        {
            var c = text[at];
            if (Is(c, CharKind.Decoration))
            {
                at++;
            }
            else if (Is(c, CharKind.Opening))
            {
                bracketed = true;
                at++;
            }
            else if (--steps < 0)
            {
                break;
            }
            else if (c == '\\')
            {
                var command = CommandLength(text[at..]);
                if (command == 0) break;
                at += command;
            }
            else
            {
                if (Letter(c) is not { } letter) break;
                if (StandsAlone(text[at..], bracketed, loose))
                {
                    length = at + 1;
                    return letter;
                }

                var word = text.Slice(at, WordLength(text[at..]));
                if (!IsFiller.Contains(word)) break;
                negated |= word.Equals("not", StringComparison.OrdinalIgnoreCase);
                bracketed = false;
                at += word.Length;
            }
        }

        length = at;
        return null;
    }

    /// <summary>The letter A to Z that this character is in any case or width; null for any other character.</summary>
    public static char? Letter(char c) => c switch
    {
        >= 'A' and <= 'Z' => c,
        >= 'a' and <= 'z' => (char)(c - 'a' + 'A'),
        >= '\uff21' and <= '\uff3a' => (char)(c - '\uff21' + 'A'),
        >= '\uff41' and <= '\uff5a' => (char)(c - '\uff41' + 'A'),
        _ => null,
    };

    private static int TurnLength(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (at < text.Length && (Is(text[at], CharKind.Closing) || text[at] is ',' or ';' || Is(text[at], CharKind.Decoration))) at++;
        foreach (var turn in Turns)
        {
            if (text[at..].StartsWith(turn, StringComparison.OrdinalIgnoreCase)) return at + turn.Length;
        }

        return 0;
    }

    /// <summary>Whether the letter that a text opens with is a word of its own and not the start of something else.</summary>
    private static bool StandsAlone(ReadOnlySpan<char> text, bool bracketed, bool loose)
    {
        if (text.Length == 1) return true;

        var next = text[1];
        var after = text.Length > 2 ? text[2] : ' ';
        if (bracketed && Is(next, CharKind.Closing)) return true;
        if (next is '\'' or '\u2019' or '-' or '_' or '\u2013') return !char.IsLetterOrDigit(after);
        if (next == '\\') return !char.IsAsciiLetter(after) || loose;
        if (Is(next, CharKind.Ending)) return true;
        if (next >= '\u3000') return !Letter(next).HasValue;
        return char.IsWhiteSpace(next) && StandsBefore(text, loose);
    }

    // A letter before a blank: "B because ..." names an option, "I think", "A careful", "D = 5" and "T cells" do not.
    private static bool StandsBefore(ReadOnlySpan<char> text, bool loose)
    {
        var at = 1;
        while (at < text.Length && text[at] is ' ' or '\t' or '\u00a0') at++;
        if (at == text.Length) return true;
        if (Is(text[at], CharKind.Operator)) return false;
        if (!char.IsLower(text[at])) return true;
        var isArticle = text[0] is 'A' or 'a' or 'I' or 'i';
        return (loose && !isArticle) || IsFollower.Contains(text.Slice(at, WordLength(text[at..])));
    }

    // \text, \mathbf, \boxed, \( and \[: the command and nothing of its argument; 0 for any other command.
    private static int CommandLength(ReadOnlySpan<char> text)
    {
        var length = 1;
        while (length < text.Length && char.IsAsciiLetter(text[length])) length++;
        if (length == 1) return Min(2, text.Length);
        return IsDressing.Contains(text[1..length]) ? length : 0;
    }

    private static bool Is(char c, CharKind kind) => ((c < Ascii ? AsciiKinds[c] : KindOf(c)) & kind) != 0;

    private static CharKind KindOf(char c) =>
        (DecorationChars.Contains(c) ? CharKind.Decoration : 0) | (OpeningChars.Contains(c) ? CharKind.Opening : 0) | (ClosingChars.Contains(c) ? CharKind.Closing : 0)
        | (EndingChars.Contains(c) ? CharKind.Ending : 0) | (OperatorChars.Contains(c) ? CharKind.Operator : 0);

    private static int WordLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && char.IsLetter(text[length])) length++;
        return Max(length, 1);
    }
}
