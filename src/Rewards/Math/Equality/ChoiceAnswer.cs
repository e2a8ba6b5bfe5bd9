using System.Text;

namespace Fleet.Rewards.Math.Equality;

/// <summary>Letters of choices: one letter, in brackets or before its option, or a few of them.</summary>
internal static class ChoiceAnswer
{
    private static readonly string[] Marks = ["\\textbf", "\\textit", "\\textrm", "\\text", "\\mathrm", "\\mathbf", "\\mathit", "\\mbox", "\\rm", "\\left", "\\right", "\\quad", "\\qquad"];

    /// <summary>The one letter that a gold answer consists of, in upper case; null when it is no choice.</summary>
    public static char? Gold(string answer)
    {
        if (!answer.AsSpan().ContainsAnyInRange('A', 'Z')) return null;
        var bare = Bare(answer);
        if (bare is ['(', var bracketed, ')']) return char.IsAsciiLetterUpper(bracketed) ? bracketed : null;
        return bare is [var letter] && char.IsAsciiLetterUpper(letter) ? letter : null;
    }

    /// <summary>The letter that a prediction chooses: alone, in brackets, or with an annotation in brackets behind it.</summary>
    public static char? Prediction(string answer)
    {
        var bare = Bare(answer);
        foreach (var lead in (ReadOnlySpan<string>)["option", "choice", "answer:", "answer", "选项", "选"])
        {
            if (bare.StartsWith(lead, StringComparison.OrdinalIgnoreCase)) bare = bare[lead.Length..].Trim();
        }

        if (bare is ['(', var bracketed, ')'] && char.IsAsciiLetterUpper(bracketed)) return bracketed;
        if (bare.Length == 0 || !char.IsAsciiLetterUpper(bare[0])) return null;
        if (bare.Length == 1) return bare[0];

        // "B." and "B)" are the letter; "B (6)" has an annotation. Anything more is another answer than the letter.
        if (bare.Length == 2) return bare[1] is '.' or ')' or ':' or ',' ? bare[0] : null;
        var annotation = bare[1..].Trim();
        return annotation[0] == '(' && annotation.IndexOf(')', StringComparison.Ordinal) == annotation.Length - 1 && !NamesOther(annotation) ? bare[0] : null;
    }

    /// <summary>What stands behind a letter in brackets: the value of the option that it names; null when nothing does.</summary>
    public static string? ValueBehindLetter(string answer)
    {
        if (!answer.Contains('(')) return null;
        var bare = answer.TrimStart();
        foreach (var mark in (ReadOnlySpan<string>)["\\textbf{", "\\text{", "\\mathrm{", "\\mathbf{"])
        {
            if (!bare.StartsWith(mark, StringComparison.Ordinal)) continue;
            bare = bare[mark.Length..];
            if (bare is ['(', _, ')', .. var inBraces] && inBraces.TrimStart() is ['}', .. var behind]) return Value(bare[1], behind);
            return null;
        }

        return bare is ['(', var letter, ')', .. var rest] ? Value(letter, rest) : null;

        static string? Value(char letter, string text) => letter is >= 'A' and <= 'H' && text.Trim() is { Length: > 0 } value && !NamesOther(value) ? value : null;
    }

    // Whether another option may be meant: a letter of one alone, or a word that takes the choice back.
    private static bool NamesOther(string text)
    {
        foreach (var word in text.Split([' ', ',', '.', ';', ':', '(', ')', '/', '|', '&', '+', '{', '}', '$', '\\', '-', '=', '~', '?'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word is [>= 'A' and <= 'H'] || word.ToLowerInvariant() is "or" or "not" or "wrong" or "incorrect" or "neither" or "either" or "none" or "false" or "maybe" or "perhaps" or "but" or "或" or "不") return true;
        }

        return false;
    }

    /// <summary>Several distinct letters, with or without commas between, sorted; null when the answer is anything else.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="mayContinue">Whether words of another script may follow.</param>
    public static string? Several(string answer, bool mayContinue)
    {
        if (!answer.AsSpan().ContainsAnyInRange('A', 'H')) return null;
        var letters = new SortedSet<char>();
        foreach (var c in Bare(answer).Replace("and", ",", StringComparison.Ordinal).Replace("或", ",", StringComparison.Ordinal).Replace("和", ",", StringComparison.Ordinal))
        {
            if (c is >= 'A' and <= 'H')
            {
                if (!letters.Add(c)) return null;
            }
            else if (c is ',' or ' ' or ';' or '(' or ')' or '&') continue;
            else if (mayContinue && c >= 0x2E80 && letters.Count > 0) break;
            else return null;
        }

        return letters.Count > 1 ? string.Concat(letters) : null;
    }

    private static string Bare(string answer)
    {
        if (answer.Length > 200) return answer;
        var text = answer;
        foreach (var mark in Marks) text = text.Replace(mark, "", StringComparison.Ordinal);
        var bare = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is ',' or ';' or '!' or ':' or ' ') i++;
            else if (text[i] is not ('{' or '}' or '$' or '*' or '~')) bare.Append(text[i]);
        }

        return bare.ToString().Trim();
    }
}
