using Fleet.Rewards.Math.Exact;
using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Latex;

/// <summary>What LaTeX commands and plain function names begin: fractions, roots, functions, marks, large operators, environments.</summary>
internal sealed class CommandParser(ExpressionParser outer, FactorParser factors, BracketParser brackets)
{
    private TokenReader Reader => outer.Reader;

    public Expr? Parse(bool afterValue)
    {
        if (!outer.Enter()) return null;
        var e = ParseInside(afterValue);
        outer.Leave();
        return e;
    }

    private Expr? ParseInside(bool afterValue)
    {
        var name = Reader.Current.Text;
        if (name.StartsWith("accent:", StringComparison.Ordinal)) return ParseAccent(name[7..]);
        if (name.StartsWith("bb:", StringComparison.Ordinal)) return ParseNumberSet(name);

        switch (name)
        {
            case "frac": return ParseFraction(afterValue);
            case "sqrt": return ParseRoot();
            case "binom": return ParseBinomial();
            case "infty":
                Reader.Take();
                return Constant.Infinity;
            case "emptyset":
                Reader.Take();
                return new Sequence(SequenceKind.Set, []);
            case "$" or "€" or "£" or "¥" or "₹": return ParseCurrency(name, afterValue);
            case "sum" or "prod" or "int" or "iint" or "iiint" or "oint" or "lim" or "bigcup" or "bigcap" or "limsup" or "liminf": return ParseBound(name);
            case "angle" or "triangle":
                Reader.Take();
                return factors.ParseFactor(false) is { } shape ? Build.Call(name, shape) : null;
        }

        if (Vocabulary.Functions.TryGetValue(name, out var function)) return ParseFunction(function);
        Reader.Take();
        if (afterValue && Units.IsUnitWord(name)) return new Unit(name);

        // Any other command is an atom, or an undefined function of the bracket that follows.
        if (Reader.Is(TokenKind.Open, "(") && brackets.ParseArguments() is { } arguments) return new Call("apply:\\" + name, arguments);
        return Reader.Kind == TokenKind.Underscore ? factors.ReadSubscript() is { } subscript ? new Symbol($"\\{name}_{subscript}") : null : new Symbol("\\" + name);
    }

    // R, Z and the like, with a mark for their positive members.
    private Expr ParseNumberSet(string name)
    {
        Reader.Take();
        if (Reader.Kind is not (TokenKind.Caret or TokenKind.Underscore)) return new Symbol(name);
        var braced = Reader.Peek().Is(TokenKind.Open, "{");
        var at = braced ? 2 : 1;
        var mark = Reader.Peek(at++);
        var zero = mark.Kind == TokenKind.Relation && Reader.Peek(at).Is(TokenKind.Number, "0");
        if (zero) at++;
        if (braced && Reader.Peek(at++).Kind != TokenKind.Close) return new Symbol(name);
        if (!(mark.Is(TokenKind.Operator, "+") || (mark.Is(TokenKind.Operator, "*") && name is "bb:N" or "bb:Z") || (zero && mark.Text is ">" or ">="))) return new Symbol(name);
        Reader.Position += at;
        if (name != "bb:R") return new Symbol(mark.Text == "*" && name == "bb:Z" ? "bb:Z*" : mark.Text == ">=" ? "bb:N" : "bb:N+");
        return mark.Text == ">=" ? new Interval(true, Number.Zero, Constant.Infinity, false) : new Sequence(SequenceKind.Tuple, [Number.Zero, Constant.Infinity]);
    }

    private Expr? ParseFraction(bool afterValue)
    {
        Reader.Take();
        if (Reader.Kind == TokenKind.Number && Reader.Current.Text is { Length: > 1 } digits && !digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            // "\frac12": each argument is one digit.
            Reader.Take();
            return Build.Divide(NumberScanner.Parse(digits[..1])!, NumberScanner.Parse(digits[1..])!);
        }

        var numerator = brackets.ParseArgument();
        if (numerator is null) return null;
        var denominator = Reader.Kind == TokenKind.Number ? factors.ParsePrimary(false) : brackets.ParseArgument();
        if (denominator is null) return null;
        return afterValue && UnitName(numerator) is { } above && UnitName(denominator) is { } below ? new Unit($"{above}/{below}") : Build.Divide(numerator, denominator);
    }

    // A unit in letters of text, perhaps raised to a power.
    private string? UnitName(Expr e) => e switch
    {
        TextValue t when Units.IsUnitWord(t.Text) => t.Text,
        Symbol s when Reader.Peek(-2).Kind == TokenKind.Text && Units.IsKnown(s.Name) => s.Name,
        Power { Base: TextValue t, Exponent: Number { Value: { IsInteger: true } n } } when Units.IsKnown(t.Text) && n.Numerator is var power && power > 0 && power <= 6 => $"{t.Text}^{power}",
        _ => null,
    };

    private Expr? ParseRoot()
    {
        Reader.Take();
        Expr? degree = null;
        if (Reader.Is(TokenKind.Open, "["))
        {
            degree = brackets.Parse();
            if (degree is null) return null;
        }

        var radicand = Reader.Kind == TokenKind.Number ? factors.ParsePrimary(false) : brackets.ParseArgument();
        if (radicand is null) return null;
        return degree is null ? Build.Sqrt(radicand) : Build.Root(radicand, degree);
    }

    private Expr? ParseBinomial()
    {
        Reader.Take();
        if (Reader.Kind == TokenKind.Number && Reader.Current.Text is { Length: 2 } digits)
        {
            Reader.Take();
            return Build.Call("binom", NumberScanner.Parse(digits[..1])!, NumberScanner.Parse(digits[1..])!);
        }

        if (Reader.Is(TokenKind.Open, "(")) return brackets.ParseArguments() is { Length: 2 } pair ? new Call("binom", pair) : null;
        var top = brackets.ParseArgument();
        if (top is null) return null;
        var bottom = brackets.ParseArgument();
        return bottom is null ? null : Build.Call("binom", top, bottom);
    }

    // "\$5": the sign stands before its number.
    public Expr? ParseCurrency(string sign, bool afterValue)
    {
        Reader.Take();
        var minus = !afterValue && Reader.Is(TokenKind.Operator, "-") && Reader.Peek().Kind == TokenKind.Number;
        if (minus) Reader.Take();
        if (afterValue || Reader.Kind != TokenKind.Number) return new Unit(sign);
        if (factors.ParseFactor(false) is not { } amount) return null;
        return Build.Multiply(minus ? Build.Negate(amount) : amount, new Unit(sign));
    }

    private Expr? ParseAccent(string accent)
    {
        Reader.Take();
        var inner = brackets.ParseArgument();
        return inner is null ? null : Mark(accent, inner);
    }

    private static Expr Mark(string accent, Expr e) => e switch
    {
        Symbol s => new Symbol($"{accent}:{s.Name}"),
        Constant { Kind: ConstantKind.I } => new Symbol($"{accent}:i"),
        Constant { Kind: ConstantKind.E } => new Symbol($"{accent}:e"),
        _ => Build.Call(accent, e),
    };

    private Expr? ParseFunction(string function)
    {
        var plain = Reader.Take().Kind == TokenKind.Word;
        Expr? power = null;
        Expr? index = null;
        while (Reader.Kind is TokenKind.Caret or TokenKind.Underscore)
        {
            if (Reader.Take().Kind == TokenKind.Caret)
            {
                power = Reader.Is(TokenKind.Operator, "-") ? null : brackets.ParseArgument();
                if (power is null) return null;
            }
            else
            {
                index = brackets.ParseArgument();
                if (index is null) return null;
            }
        }

        if (function is "log" && index is null && Reader.Kind == TokenKind.Number && Reader.Is(TokenKind.Number, "_")) return null;
        var arguments = ParseFunctionArguments(function);
        if (arguments is null) return null;
        if (arguments.Length == 0) return plain && function == "inf" ? Constant.Infinity : new Symbol("\\" + function);

        Expr call = function switch
        {
            "cis" when arguments is [var angle] => Build.Add(Build.Call("cos", angle), Build.Multiply(Constant.I, Build.Call("sin", angle))),
            "exp" when arguments.Length == 1 => new Power(Constant.E, arguments[0]),
            "cbrt" when arguments.Length == 1 => Build.Root(arguments[0], Build.Int(3)),
            "lg" => Build.Call("log", arguments[0], Build.Int(10)),
            "log" when arguments.Length == 2 && index is null => new Call("log", arguments),
            "log" => Build.Call("log", arguments[0], index ?? Build.Int(10)),
            "abs" or "floor" or "ceil" or "binom" or "factorial" => new Call(function, arguments),
            _ when index is not null => new Call($"{function}_{index.Form}", arguments),
            _ => new Call(function, arguments),
        };
        if (power is null) return call;
        var inverse = power is Number { Value: var v } && v == Rational.MinusOne || power is Product { Factors: [Number { Value: var m }, Number { Value: var one }] } && m == Rational.MinusOne && one.IsOne;
        return inverse && function is "sin" or "cos" or "tan" or "cot" or "sec" or "csc" or "sinh" or "cosh" or "tanh" && inverse
            ? new Call(function.EndsWith('h') ? "ar" + function : "arc" + function, arguments)
            : new Power(call, power);
    }

    // Round brackets hold the arguments; without them the argument is the product that follows.
    private Expr[]? ParseFunctionArguments(string function)
    {
        if (Reader.Is(TokenKind.Open, "(")) return brackets.ParseArguments();
        if (Reader.Kind == TokenKind.Open)
        {
            var e = brackets.Parse();
            return e switch { null => null, Sequence { Kind: SequenceKind.Set or SequenceKind.Tuple, Items: { Length: > 0 } items } => items, _ => [e] };
        }

        if (!factors.CanStart(false) || function is "max" or "min" or "sup" or "inf") return [];
        if (Vocabulary.Functions.ContainsKey(Reader.Current.Text) && Reader.Kind is TokenKind.Command or TokenKind.Word)
        {
            // "\sin \arctan x": the inner function with its own argument.
            return factors.ParseFactor(false) is { } nested ? [nested] : null;
        }

        var argument = outer.ParseTerm(implicitOnly: true);
        if (argument is null) return null;
        if (Reader.Is(TokenKind.Operator, "/") && !Reader.Current.Spaced && Reader.Peek() is { Kind: TokenKind.Number, Spaced: false })
        {
            Reader.Take();
            if (factors.ParseFactor(false) is not { } divisor) return null;
            argument = Build.Divide(argument, divisor);
        }

        return [argument];
    }

    private Expr? ParseBound(string name)
    {
        Reader.Take();
        Expr? lower = null;
        Expr? upper = null;
        while (Reader.Kind is TokenKind.Caret or TokenKind.Underscore)
        {
            var up = Reader.Take().Kind == TokenKind.Caret;
            var limit = ParseLimit();
            if (limit is null) return null;
            if (up) upper = limit;
            else lower = limit;
        }

        var variable = "";
        if (lower is Relation { Operands: [Symbol or Constant, var from], Operators: ["=" or "to"] } range)
        {
            variable = range.Operands[0] is Symbol s ? s.Name : ((Constant)range.Operands[0]).Kind.ToString().ToLowerInvariant();
            lower = from;
        }

        var body = outer.ParseTerm();
        return body is null ? null : new Bound(name, variable, lower, upper, body);
    }

    private Expr? ParseLimit()
    {
        if (!Reader.Is(TokenKind.Open, "{")) return Reader.Is(TokenKind.Operator, "-") ? brackets.ParseArgument() : factors.ParsePrimary(false);
        Reader.Take();
        var groups = outer.ParseItems(TokenKind.Close);
        if (groups is null || !Reader.TryTake(TokenKind.Close, "}")) return null;
        return groups is [[var only]] ? only : new Sequence(SequenceKind.List, [.. groups.SelectMany(g => g)]);
    }

    /// <summary>A matrix, cases, or lines set under each other.</summary>
    public Expr? ParseEnvironment()
    {
        if (!outer.Enter()) return null;
        var (inCell, bars) = (outer.InCell, outer.OpenBars);
        outer.OpenBars = 0;
        var name = Reader.Take().Text;
        Expr? e;
        outer.InCell = Vocabulary.MatrixEnvironments.Contains(name) || name is "cases" or "dcases" or "rcases";
        if (Vocabulary.MatrixEnvironments.Contains(name)) e = ParseMatrix(name);
        else if (name is "cases" or "dcases" or "rcases") e = ParseCases();
        else e = ParseLines();
        (outer.InCell, outer.OpenBars) = (inCell, bars);
        outer.Leave();
        return e;
    }

    private List<Expr[]>? ParseRows()
    {
        var rows = new List<Expr[]>();
        var row = new List<Expr>();
        while (true)
        {
            while (Reader.Kind is TokenKind.Wide or TokenKind.Comma) Reader.Take();
            if (Reader.Kind == TokenKind.Ampersand || (Reader.Kind is TokenKind.Text or TokenKind.Word && Reader.Current.Text is "if" or "for" or "when" or "where"))
            {
                Reader.Take();
                continue;
            }

            if (Reader.Kind == TokenKind.RowBreak || Reader.Kind == TokenKind.End)
            {
                if (row.Count > 0) rows.Add([.. row]);
                row.Clear();
                if (Reader.Take().Kind == TokenKind.End) return rows;
                continue;
            }

            if (row.Count + rows.Count > 10_000) return null;
            var cell = ParseCell();
            if (cell is null) return null;
            row.Add(cell);
        }
    }

    // A cell must not run over its end: "&" and "\\" separate there, whatever stands beside them.
    private Expr? ParseCell()
    {
        if (Reader.AtEnd) return null;
        var cell = outer.ParseRelation();
        if (cell is null || Reader.Kind is TokenKind.Ampersand or TokenKind.RowBreak or TokenKind.End or TokenKind.Comma or TokenKind.Wide) return cell;

        // The condition of a case, in words: "x, if x > 0".
        while (Reader.Kind is TokenKind.Text or TokenKind.Word) Reader.Take();
        return outer.ParseRelation() is { } condition ? Build.Call("given", cell, condition) : null;
    }

    private Expr? ParseMatrix(string name)
    {
        var rows = ParseRows();
        if (rows is null || rows.Count == 0) return null;
        if (rows.Exists(r => r.Length != rows[0].Length)) return null;
        var matrix = new Matrix([.. rows]);
        return name == "vmatrix" ? Build.Call("det", matrix) : matrix;
    }

    private Expr? ParseCases()
    {
        var rows = ParseRows();
        if (rows is null || rows.Count == 0) return null;
        if (rows.TrueForAll(r => r is [Relation])) return new Sequence(SequenceKind.List, [.. rows.Select(r => r[0])]);
        return Build.Call("cases", [.. rows.Select(r => r.Length == 1 ? r[0] : Build.Call("given", r))]);
    }

    private Expr? ParseLines()
    {
        var groups = outer.ParseItems(TokenKind.End);
        if (groups is null || Reader.Kind != TokenKind.End) return null;
        Reader.Take();
        var items = groups.SelectMany(g => g).ToArray();
        return items.Length == 1 ? items[0] : new Sequence(SequenceKind.List, items);
    }
}
