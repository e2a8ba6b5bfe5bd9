using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Latex;

/// <summary>Units written with plain letters behind a number: <c>60 km/h</c>, <c>9.8 m/s^2</c>.</summary>
internal sealed class UnitParser(TokenReader reader)
{
    /// <summary>The unit that stands here up to the end of the item, or null: with no bar in it, letters are variables.</summary>
    public Unit? Take(List<Expr> factors)
    {
        if (reader.Is(TokenKind.Letter, "Omega") && IsEnd(reader.Peek()) && factors.TrueForAll(f => f is Number or Power or Constant))
        {
            reader.Take();
            return new Unit("ohm");
        }

        if (reader.Is(TokenKind.Open, "(")) return TakeBracketed();
        if (!reader.Current.Spaced || reader.Kind is not (TokenKind.Letter or TokenKind.Word) || !factors.TrueForAll(f => f is Number or Power or Constant)) return null;
        var name = new System.Text.StringBuilder();
        var barred = false;
        var at = 0;
        while (true)
        {
            var part = reader.Peek(at);
            if (part.Kind is not (TokenKind.Letter or TokenKind.Word) || !(Units.IsKnown(part.Text) || (barred && Units.IsUnitWord(part.Text)))) return null;
            name.Append(part.Text);
            at++;
            if (reader.Peek(at).Kind == TokenKind.Caret)
            {
                var braced = reader.Peek(at + 1).Is(TokenKind.Open, "{");
                var exponent = reader.Peek(at + (braced ? 2 : 1));
                if (exponent.Kind != TokenKind.Number || exponent.Text.Length != 1 || (braced && reader.Peek(at + 3).Kind != TokenKind.Close)) return null;
                name.Append('^').Append(exponent.Text);
                at += braced ? 4 : 2;
            }

            var next = reader.Peek(at);
            if (next.Is(TokenKind.Operator, "/") || next.Is(TokenKind.Word, "per"))
            {
                barred = true;
                name.Append('/');
                at++;
            }
            else if (next.Is(TokenKind.Operator, "*"))
            {
                name.Append(' ');
                at++;
            }
            else if (IsEnd(next)) break;
            else if (next.Kind is TokenKind.Letter or TokenKind.Word) name.Append(' ');
            else return null;
        }

        if (!barred) return null;
        reader.Position += at;
        return new Unit(name.ToString());
    }

    // "24 (eggs)": a remark in words.
    private Unit? TakeBracketed()
    {
        var words = new List<string>();
        while (reader.Peek(words.Count + 1) is { Kind: TokenKind.Text or TokenKind.Word } word && words.Count < 12)
        {
            if (Vocabulary.Functions.ContainsKey(word.Text) || Vocabulary.Greek.Contains(word.Text) || (word.Kind == TokenKind.Word && word.Text.Length < 4 && !Units.IsUnitWord(word.Text)) || !Labels.IsLabel(word.Text)) return null;
            words.Add(word.Text);
        }

        if (words.Count == 0 || words[0] is "mod" or "bmod" || reader.Peek(words.Count + 1) is not { Kind: TokenKind.Close, Text: ")" }) return null;
        reader.Position += words.Count + 2;
        return new Unit(string.Join(' ', words));
    }

    private static bool IsEnd(Token token) => token.Kind is TokenKind.Stop or TokenKind.Comma or TokenKind.Semicolon or TokenKind.Close or TokenKind.Relation or TokenKind.Conjunction;
}
