using System.Text;
using Fleet.Rewards.Math.Latex;

namespace Fleet.Rewards.Math.Equality;

/// <summary>Equality of answers that are only text: token by token, so that spaces and ways to write a command do not count.</summary>
internal static class TextEquality
{
    public static bool Same(string gold, string prediction, WorkBudget budget)
    {
        if (gold == prediction) return true;
        if (gold.Length > AnswerParser.MaxLength || prediction.Length > AnswerParser.MaxLength) return false;
        budget.Spend(gold.Length + prediction.Length);
        return Tokens(gold).Equals(Tokens(prediction), StringComparison.Ordinal);
    }

    private static string Tokens(string text)
    {
        var joined = new StringBuilder(text.Length);
        foreach (var token in LatexTokenizer.Tokenize(text))
        {
            if (token.Kind is TokenKind.Wide or TokenKind.Stop) continue;
            joined.Append(token.Kind == TokenKind.Text ? Words.Normalise(token.Text) : token.Text).Append('\u0001');
        }

        return joined.ToString();
    }

    /// <summary>Whether two words or sentences say the same: letter case, articles and punctuation do not count.</summary>
    public static bool SameWords(string a, string b) => string.Equals(Bare(a), Bare(b), StringComparison.Ordinal);

    private static string Bare(string words)
    {
        var normal = Words.Normalise(words);
        foreach (var article in (ReadOnlySpan<string>)["the ", "a ", "an "])
        {
            if (normal.StartsWith(article, StringComparison.Ordinal)) return normal[article.Length..].Replace(" ", "", StringComparison.Ordinal);
        }

        return normal.Replace(" ", "", StringComparison.Ordinal) switch { "dne" => "doesnotexist", var joined => joined };
    }
}
