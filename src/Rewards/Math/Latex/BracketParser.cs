using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Latex;

/// <summary>Brackets and bars: groups, points, intervals, sets, absolute values.</summary>
internal sealed class BracketParser(ExpressionParser outer, FactorParser factors)
{
    private TokenReader Reader => outer.Reader;

    /// <summary>Whatever an opening bracket begins.</summary>
    public Expr? Parse()
    {
        if (!outer.Enter()) return null;
        var (bars, inCell, reversed) = (outer.OpenBars, outer.InCell, outer.Reversed);
        (outer.OpenBars, outer.InCell, outer.Reversed) = (0, false, false);
        var open = Reader.Take().Text;
        outer.Brackets += open == "{" ? 0 : 1;
        var e = open switch
        {
            "\\{" => ParseSet(),
            "{" => ParseBraces(),
            "floor" or "ceil" => ParseCall(open),
            _ => ParseRound(open),
        };
        outer.Brackets -= open == "{" ? 0 : 1;
        (outer.OpenBars, outer.InCell, outer.Reversed) = (bars, inCell, reversed);
        outer.Leave();
        return e;
    }

    /// <summary>The arguments in round brackets that follow a function.</summary>
    public Expr[]? ParseArguments()
    {
        if (!outer.Enter()) return null;
        var (bars, inCell) = (outer.OpenBars, outer.InCell);
        (outer.OpenBars, outer.InCell) = (0, false);
        outer.Brackets++;
        Reader.Take();
        var items = ParseArgumentItems();
        outer.Brackets--;
        (outer.OpenBars, outer.InCell) = (bars, inCell);
        outer.Leave();
        return items is not null && Reader.TryTake(TokenKind.Close) ? [.. items] : null;
    }

    private List<Expr>? ParseArgumentItems()
    {
        var items = Flatten(outer.ParseItems(TokenKind.Close));
        if (items is null) return null;
        if (Reader.Kind == TokenKind.Bar && Reader.Take().Text is not "||")
        {
            // A condition: P(A | B).
            if (Flatten(outer.ParseItems(TokenKind.Close)) is not { } conditions) return null;
            items = [.. items, .. conditions];
        }

        return items;
    }

    private static List<Expr>? Flatten(List<List<Expr>>? groups) => groups switch
    {
        null => null,
        [var one] => one,
        _ => [.. groups.Select(g => g.Count == 1 ? g[0] : new Sequence(SequenceKind.Tuple, [.. g]))],
    };

    private Expr? ParseRound(string open)
    {
        if (Reader.Kind == TokenKind.Close)
        {
            Reader.Take();
            return new Sequence(SequenceKind.Tuple, []);
        }

        var items = Flatten(outer.ParseItems(TokenKind.Close));
        if (items is null) return null;
        if (Reader.Kind == TokenKind.Bar)
        {
            Reader.Take();
            if (Flatten(outer.ParseItems(TokenKind.Close)) is not { } conditions) return null;
            items = [Build.Call("given", [.. items, .. conditions])];
        }

        if (Reader.Kind != TokenKind.Close || Reader.Current.Text is "}" or "\\}") return null;
        var close = Reader.Take().Text;
        if (items.Count == 1) return items[0] is Sequence { Kind: SequenceKind.List } list ? new Sequence(SequenceKind.Tuple, list.Items) : items[0];
        var (left, right) = (open == "[", close == "]");
        return items.Count == 2 && (left || right) ? new Interval(left, items[0], items[1], right) : new Sequence(SequenceKind.Tuple, [.. items]);
    }

    /// <summary>An open end written as a reversed bracket: <c>]a, b[</c>.</summary>
    public Expr? ParseReversed()
    {
        if (!outer.Enter()) return null;
        Reader.Take();
        var reversed = outer.Reversed;
        outer.Reversed = true;
        var items = Flatten(outer.ParseItems(TokenKind.Close));
        outer.Reversed = reversed;
        if (items is not { Count: 2 } || Reader.Kind is not (TokenKind.Open or TokenKind.Close)) return null;
        var closed = Reader.Take().Text == "]";
        outer.Leave();
        return closed ? new Interval(false, items[0], items[1], true) : new Sequence(SequenceKind.Tuple, [.. items]);
    }

    // Plain braces only group; with commas between they are taken for a set.
    private Expr? ParseBraces()
    {
        if (Reader.TryTake(TokenKind.Close, "}")) return factors.ParsePrescript() ?? Number.One;
        var items = Flatten(outer.ParseItems(TokenKind.Close));
        if (items is [var above] && Reader.Is(TokenKind.Command, "choose"))
        {
            Reader.Take();
            return Flatten(outer.ParseItems(TokenKind.Close)) is [var below] && Reader.TryTake(TokenKind.Close, "}") ? Build.Call("binom", above, below) : null;
        }

        if (items is [var element] && Reader.Is(TokenKind.Bar, "mid")) return ParseBuilder(element);
        if (items is null || !Reader.TryTake(TokenKind.Close, "}")) return null;
        return items.Count == 1 ? items[0] : new Sequence(SequenceKind.Set, [.. items]);
    }

    private Expr? ParseSet()
    {
        if (Reader.TryTake(TokenKind.Close)) return new Sequence(SequenceKind.Set, []);
        outer.OpenBars = 1;
        var items = Flatten(outer.ParseItems(TokenKind.Close));
        if (items is null) return null;
        if (items.Count == 1 && (Reader.Kind is TokenKind.Bar || items[0] is Ratio { Parts.Length: 2 } || items[0] is Relation r && Array.Exists(r.Operands, o => o is Ratio { Parts.Length: 2 }))) return ParseBuilder(items[0]);
        // A brace before an array, closed by nothing, sets out cases.
        if (items is [Matrix cases] && Reader.Kind is TokenKind.Stop or TokenKind.Comma)
            return Array.TrueForAll(cases.Rows, r => r is [Relation]) ? new Sequence(SequenceKind.List, [.. cases.Rows.Select(r => r[0])]) : Build.Call("cases", cases);
        return Reader.TryTake(TokenKind.Close) ? new Sequence(SequenceKind.Set, [.. items]) : null;
    }

    // "{ x | condition }", also with a colon.
    private Expr? ParseBuilder(Expr element)
    {
        if (element is Ratio { Parts: [var variable, var rest] }) return Reader.TryTake(TokenKind.Close) ? Build.Call("setof", variable, rest) : null;
        if (element is Relation chain && Array.FindIndex(chain.Operands, o => o is Ratio { Parts.Length: 2 }) is var at and >= 0)
        {
            // The colon stands between two relations: "x in R : x > 2".
            var parts = ((Ratio)chain.Operands[at]).Parts;
            var subject = at == 0 ? parts[0] : new Relation([.. chain.Operands[..at], parts[0]], chain.Operators[..at]);
            var condition = at == chain.Operators.Length ? parts[1] : new Relation([parts[1], .. chain.Operands[(at + 1)..]], chain.Operators[at..]);
            return Reader.TryTake(TokenKind.Close) ? Build.Call("setof", subject, condition) : null;
        }

        Reader.Take();
        outer.OpenBars = 0;
        var conditions = Flatten(outer.ParseItems(TokenKind.Close));
        if (conditions is null || !Reader.TryTake(TokenKind.Close)) return null;
        return Build.Call("setof", conditions.Count > 1 ? [element, new Sequence(SequenceKind.List, [.. conditions], outer.Either)] : [element, .. conditions]);
    }

    private Expr? ParseCall(string name)
    {
        var items = Flatten(outer.ParseItems(TokenKind.Close));
        return items is { Count: 1 } && Reader.TryTake(TokenKind.Close) ? Build.Call(name, items[0]) : null;
    }

    public Expr? ParseBars()
    {
        if (!outer.Enter()) return null;
        var bar = Reader.Take().Text;
        var bars = outer.OpenBars;
        outer.OpenBars = 1;
        var e = outer.ParseSum();
        outer.OpenBars = bars;
        if (e is null || Reader.Kind != TokenKind.Bar) return null;
        Reader.Take();
        outer.Leave();
        return Build.Call(bar == "||" ? "norm" : "abs", e);
    }

    /// <summary>An argument in braces or one token: what <c>\frac</c> and <c>\sqrt</c> take.</summary>
    public Expr? ParseArgument()
    {
        if (!outer.Enter()) return null;
        var argument = ParseArgumentInside();
        outer.Leave();
        return argument;
    }

    private Expr? ParseArgumentInside()
    {
        if (Reader.Kind == TokenKind.Open) return Parse();
        if (Reader.Kind == TokenKind.Number && Reader.Current.Text.Length > 1 && !Reader.Current.Text.Contains('.')) return null;
        if (Reader.Kind == TokenKind.Operator && Reader.Current.Text == "-")
        {
            Reader.Take();
            return factors.ParsePrimary(false) is { } negative ? Build.Negate(negative) : null;
        }

        return factors.ParsePrimary(false);
    }
}
