using Fleet.Rewards.Math.Exact;
using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Latex;

/// <summary>Lists, relations, sums and products: the grammar of an answer from the outside in. What a factor is, <see cref="FactorParser"/> says.</summary>
/// <remarks>Every rule returns null when the text is none of its kind; nothing throws but a spent budget.</remarks>
internal sealed class ExpressionParser
{
    /// <summary>How deep an answer may be nested.</summary>
    public const int MaxDepth = 120;

    private const int MaxWraps = 300;
    private const int MaxJoined = 400;

    private readonly FactorParser _factors;
    private readonly UnitParser _units;
    private readonly List<Expr> _conditions = [];
    private int _depth;
    private int _wraps;

    private ExpressionParser(List<Token> tokens, string source, WorkBudget budget)
    {
        Reader = new TokenReader(tokens);
        Source = source;
        Budget = budget;
        _factors = new FactorParser(this);
        _units = new UnitParser(Reader);
    }

    public TokenReader Reader { get; }

    public string Source { get; }

    public WorkBudget Budget { get; }

    /// <summary>Counts one more layer that is written behind a factor rather than around it, and may give up.</summary>
    public bool Wrap()
    {
        if (++_wraps <= MaxWraps) return true;
        TooDeep = true;
        return false;
    }

    /// <summary>Whether the text was given up because it is nested too deep.</summary>
    public bool TooDeep { get; private set; }

    /// <summary>Whether a cell of a matrix is being parsed: marks of columns and rows end it.</summary>
    public bool InCell { get; set; }

    /// <summary>Brackets that are open around the current position.</summary>
    public int Brackets { get; set; }

    /// <summary>Whether an open end of an interval is written as a reversed bracket: the next opening bracket closes it.</summary>
    public bool Reversed { get; set; }

    /// <summary>Whether "or" stood between the items that were parsed last.</summary>
    public bool Either { get; private set; }

    /// <summary>Bars that are open: the next bar closes the innermost.</summary>
    public int OpenBars { get; set; }

    /// <summary>Parses a whole answer, or returns null.</summary>
    /// <param name="source">The answer, its signs plain already.</param>
    /// <param name="budget">Spent by the number of tokens.</param>
    /// <param name="tooDeep">Whether nesting was the reason to give up.</param>
    public static Expr? Parse(string source, WorkBudget budget, out bool tooDeep)
    {
        budget.Spend(source.Length + 8);
        var parser = new ExpressionParser(LatexTokenizer.Tokenize(source), source, budget);
        var answer = parser.ParseAnswer();
        tooDeep = parser.TooDeep;
        return answer;
    }

    private Expr? ParseAnswer()
    {
        while (Reader.Kind is TokenKind.Wide or TokenKind.RowBreak or TokenKind.Ampersand || Reader.Is(TokenKind.Operator, "bullet")) Reader.Take();
        if (Reader.AtEnd) return null;
        var items = ParseItems(TokenKind.Stop);
        if (items is null || !Reader.AtEnd) return null;
        return Join(items);
    }

    /// <summary>One item stands for itself; several are a list, and groups between semicolons are tuples when they have several items.</summary>
    private Expr Join(List<List<Expr>> groups)
    {
        if (groups.Count == 1) return groups[0].Count == 1 ? groups[0][0] : new Sequence(SequenceKind.List, [.. groups[0]], Either);
        return new Sequence(SequenceKind.List, [.. groups.Select(g => g.Count == 1 ? g[0] : new Sequence(SequenceKind.Tuple, [.. g]))]);
    }

    /// <summary>Items between commas, in groups between semicolons, up to a closing token, which is not taken.</summary>
    public List<List<Expr>>? ParseItems(TokenKind end)
    {
        if (!Enter()) return null;
        var groups = new List<List<Expr>> { new() };
        var either = false;
        while (true)
        {
            while (Reader.Kind is TokenKind.Comma or TokenKind.Semicolon or TokenKind.Conjunction or TokenKind.Wide or TokenKind.RowBreak or TokenKind.Ampersand)
            {
                var token = Reader.Take();
                if (token.Kind == TokenKind.Semicolon && groups[^1].Count > 0) groups.Add([]);
                either |= token.Kind == TokenKind.Conjunction && Vocabulary.IsOr(token.Text);
            }

            if (Reader.AtEnd || (Reader.Kind == TokenKind.Close && !(end == TokenKind.Stop && groups[^1].Count == 0 && Reader.Current.Text == "]"))) break;
            if (groups[^1].Count > 0 && IsCondition()) break;
            var item = ParseRelation();
            if (item is null) return null;
            groups[^1].Add(item);
            groups[^1].AddRange(_conditions);
            _conditions.Clear();
            if (Reader.Kind is not (TokenKind.Comma or TokenKind.Semicolon or TokenKind.Conjunction or TokenKind.Wide or TokenKind.RowBreak or TokenKind.Ampersand)) break;
        }

        if (groups[^1].Count == 0) groups.RemoveAt(groups.Count - 1);
        Either = either;
        _depth--;
        return groups.Count == 0 || (end == TokenKind.Stop && !Reader.AtEnd) ? null : groups;
    }

    private bool IsCondition() => Reader.Kind is TokenKind.Text or TokenKind.Word && Reader.Current.Text is "where" or "if" or "when" or "for";

    public bool Enter()
    {
        Budget.Spend();
        if (++_depth <= MaxDepth && !TooDeep) return true;
        TooDeep = true;
        return false;
    }

    public void Leave() => _depth--;

    /// <summary>A chain of relations, or one sum.</summary>
    public Expr? ParseRelation()
    {
        if (!Enter()) return null;

        // "= 5" and "\approx 5" give the value that follows.
        if (Reader.Kind == TokenKind.Relation && Reader.Current.Text is "=" or "approx" or "implies" or "equiv") Reader.Take();
        var first = Reader.Kind == TokenKind.Relation ? new Symbol("_") : ParseRatio();
        if (first is null) return null;
        if (!IsRelation())
        {
            Leave();
            return ParseModulus(first);
        }

        var operands = new List<Expr> { first };
        var operators = new List<string>();
        while (IsRelation())
        {
            var relation = Reader.Take().Text;
            while ((!InCell && Reader.Kind is TokenKind.Ampersand) || (Reader.Kind == TokenKind.Relation && Reader.Current.Text is "=" or "implies")) Reader.Take();
            var next = ParseRatio();
            if (next is null) return null;
            operators.Add(relation);
            operands.Add(next);
            while (!InCell && Reader.Kind is TokenKind.RowBreak or TokenKind.Ampersand && NextIsRelation()) Reader.Take();
        }

        Leave();
        return ParseModulus(new Relation([.. operands], [.. operators]));
    }

    // Outside of brackets "a | b" says that a divides b.
    private bool IsRelation() => Reader.Kind == TokenKind.Relation || (Reader.Is(TokenKind.Bar, "mid") && Brackets == 0);

    private bool NextIsRelation()
    {
        for (var i = 1; i <= 3; i++)
        {
            var kind = Reader.Peek(i).Kind;
            if (kind == TokenKind.Relation) return true;
            if (kind is not (TokenKind.RowBreak or TokenKind.Ampersand)) return false;
        }

        return false;
    }

    private Expr? ParseModulus(Expr e)
    {
        var bracketed = Reader.Is(TokenKind.Open, "(") && Reader.Peek() is { Kind: TokenKind.Word or TokenKind.Text or TokenKind.Command, Text: "mod" or "bmod" };
        if (bracketed) Reader.Take();
        if (!(Reader.Kind is TokenKind.Command or TokenKind.Word or TokenKind.Text && Reader.Current.Text is "pmod" or "bmod" or "mod" or "pod")) return e;
        Reader.Take();
        var modulus = ParseSum();
        if (modulus is null || (bracketed && !Reader.TryTake(TokenKind.Close))) return null;
        return Build.Call("mod", e, modulus);
    }

    private Expr? ParseRatio()
    {
        while (!InCell && Reader.Kind == TokenKind.Ampersand) Reader.Take();
        var first = ParseSum();
        if (first is null || Reader.Kind != TokenKind.Colon) return first;
        var parts = new List<Expr> { first };
        while (Reader.TryTake(TokenKind.Colon))
        {
            var next = ParseSum();
            if (next is null) return null;
            parts.Add(next);
        }

        return new Ratio([.. parts]);
    }

    /// <summary>Terms with signs between them; unions and the like stand on the same level.</summary>
    public Expr? ParseSum()
    {
        if (!Enter()) return null;
        var terms = new List<Expr>();
        var first = ParseSignedTerm();
        if (first is null) return null;
        terms.Add(first);
        while (true)
        {
            while (!InCell && Reader.Kind is TokenKind.Ampersand or TokenKind.RowBreak && Reader.Peek().Kind == TokenKind.Operator) Reader.Take();
            if (Reader.Kind != TokenKind.Operator) break;
            var op = Reader.Current.Text;
            if (op is "*" or "/") break;
            Reader.Take();

            // A sign before nothing, as in "-(a+b) +": not a sum.
            var term = op is "+" or "-" ? ParseSignedTerm() : ParseTerm();
            if (term is null) return null;
            if (op == "+") terms.Add(term);
            else if (op == "-" && term is Sequence { Kind: SequenceKind.Set } or Interval && terms.Count == 1 && Joined("setminus", terms[0], term) is { } rest) terms = [rest];
            else if (op == "-") terms.Add(Build.Negate(term));
            else if (op == "pm") terms.Add(Build.Call("pm", term));
            else if (op == "mp") terms.Add(Build.Negate(Build.Call("pm", term)));
            else
            {
                var left = terms.Count == 1 ? terms[0] : new Sum([.. terms]);
                if (Joined(op, left, term) is not { } joined) return null;
                terms = [joined];
            }
        }

        Leave();
        return terms.Count == 1 ? terms[0] : new Sum([.. terms]);
    }

    // A long union stays one flat node; other chains grow to the left, each a layer deeper.
    private Call? Joined(string op, Expr left, Expr right)
    {
        if (op is not ("cup" or "cap") || left is not Call c || c.Name != op) return Wrap() ? Build.Call(op, left, right) : null;
        return c.Arguments.Length < MaxJoined ? new Call(op, [.. c.Arguments, right]) : null;
    }

    private Expr? ParseSignedTerm()
    {
        if (Reader.Kind == TokenKind.Operator)
        {
            var sign = Reader.Current.Text;
            if (sign is not ("+" or "-" or "pm" or "mp") || !Enter()) return null;
            Reader.Take();
            var term = ParseSignedTerm();
            Leave();
            if (term is null) return null;
            return sign switch
            {
                "+" => term,
                "-" => Build.Negate(term),
                "pm" => Build.Call("pm", term),
                _ => Build.Negate(Build.Call("pm", term)),
            };
        }

        return ParseTerm();
    }

    /// <summary>Factors side by side or with signs of multiplication and division between them, from left to right.</summary>
    public Expr? ParseTerm(bool implicitOnly = false)
    {
        var factors = new List<Expr>();
        var first = _factors.ParseFactor(false);
        if (first is null) return null;
        factors.Add(first);
        while (true)
        {
            Budget.Spend();
            var token = Reader.Current;
            if (token.Kind == TokenKind.Operator && token.Text is "*" or "/" or "bullet" or "circ" or "otimes" or "rtimes" or "ltimes" or "star" && !implicitOnly)
            {
                Reader.Take();
                var next = ParseSignedFactor(factors[^1] is Unit or Power { Base: Unit });
                if (next is null) return null;
                if (token.Text == "*") factors.Add(next);
                else if (token.Text == "/") factors.Add(Build.Reciprocal(next));
                else
                {
                    var left = factors.Count == 1 ? factors[0] : new Product([.. factors]);
                    if (Joined(token.Text, left, next) is not { } joined) return null;
                    factors = [joined];
                }

                continue;
            }

            if (token.Is(TokenKind.Letter, "U") && factors is [Sequence { Kind: not SequenceKind.List } or Interval or Call { Name: "cup" }] && Reader.Peek() is { Kind: TokenKind.Open, Text: not "{" })
            {
                // "(0,1) U (2,3)" in plain text.
                Reader.Take();
                if (_factors.ParseFactor(false) is not { } part || Joined("cup", factors[0], part) is not { } union) return null;
                factors[0] = union;
                continue;
            }

            if (!_factors.CanStart(implicitOnly)) break;
            if (TryMixedNumber(factors)) continue;
            if (factors is [Number digits] && _factors.ParseNamedBase(digits) is { } named)
            {
                factors[0] = named;
                continue;
            }

            if (_units.Take(factors) is { } unit)
            {
                factors.Add(unit);
                continue;
            }
            var mayBeMixed = Reader.Previous.Kind == TokenKind.Number && Reader.Is(TokenKind.Command, "frac");
            var factor = _factors.ParseFactor(true);
            if (factor is null) return null;
            if (factor is Number && factors[^1] is Number && Reader.Previous.Kind == TokenKind.Number) return null;
            if (factor is TextValue && factors[^1] is TextValue) return null;
            if (factor is Relation)
            {
                // "a (k in Z)": a condition in brackets is an item of its own.
                _conditions.Add(factor);
                break;
            }

            factors.Add(mayBeMixed && IsMixedFraction(factors, factor) ? Number.One : factor);
        }

        return factors.Count == 1 ? factors[0] : new Product([.. factors]);
    }

    private Expr? ParseSignedFactor(bool afterUnit)
    {
        if (Reader.Kind == TokenKind.Operator && Reader.Current.Text is "-" or "+" or "pm")
        {
            if (!Enter()) return null;
            var sign = Reader.Take().Text;
            var factor = ParseSignedFactor(false);
            Leave();
            if (factor is null) return null;
            return sign switch { "-" => Build.Negate(factor), "pm" => Build.Call("pm", factor), _ => factor };
        }

        return _factors.ParseFactor(afterUnit && Reader.Kind is TokenKind.Text or TokenKind.Word);
    }

    // "1 1/2" in plain text: an integer, a space, and a fraction below one.
    private bool TryMixedNumber(List<Expr> factors)
    {
        if (factors is not [Number { Value.IsInteger: true, Places: null } whole] || Reader.Kind != TokenKind.Number || !Reader.Current.Spaced) return false;
        if (!Reader.Peek().Is(TokenKind.Operator, "/") || Reader.Peek(2).Kind != TokenKind.Number) return false;
        var (numerator, denominator) = (NumberScanner.Parse(Reader.Current.Text), NumberScanner.Parse(Reader.Peek(2).Text));
        if (numerator is not { Value.IsInteger: true } || denominator is not { Value.IsInteger: true } || numerator.Value >= denominator.Value) return false;
        Reader.Position += 3;
        factors[0] = new Number(whole.Value + numerator.Value / denominator.Value);
        if (Reader.Kind == TokenKind.Percent && _factors.ParseSuffix(factors[0]) is { } share) factors[0] = share;
        return true;
    }

    // "1\frac{1}{2}": an integer directly before a fraction of two plain positive integers.
    private static bool IsMixedFraction(List<Expr> factors, Expr factor)
    {
        if (factors is not [Number { Value: { IsInteger: true, Sign: > 0 } whole, Places: null }]) return false;
        if (factor is Product { Factors: [Product fraction, Number { Value: var hundredth }] } && hundredth == Rational.Of(1, 100))
        {
            // "12\frac{1}{2}\%": the sign belongs to the whole.
            if (!IsMixedFraction(factors, fraction)) return false;
            factors[0] = new Number(((Number)factors[0]).Value / 100);
            return true;
        }

        if (factor is not Product { Factors: [Number { Value: { IsInteger: true, Sign: > 0 } up }, Power { Base: Number { Value: { IsInteger: true, Sign: > 0 } down }, Exponent: Number { Value: var exponent } }] }) return false;
        if (exponent != Rational.MinusOne) return false;
        factors[0] = new Number(whole + up / down);
        return true;
    }
}
