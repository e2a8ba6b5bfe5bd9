using System.Globalization;
using System.Numerics;
using Fleet.Rewards.Math.Exact;
using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Latex;

/// <summary>One factor: a number, a letter, a bracket or a fraction with its powers, factorials, per cents and degrees.</summary>
internal sealed class FactorParser
{
    private readonly ExpressionParser _outer;
    private readonly CommandParser _commands;
    private readonly BracketParser _brackets;
    private readonly WordParser _words;

    public FactorParser(ExpressionParser outer)
    {
        _outer = outer;
        _brackets = new BracketParser(outer, this);
        _commands = new CommandParser(outer, this, _brackets);
        _words = new WordParser(outer, this, _brackets, _commands);
    }

    private TokenReader Reader => _outer.Reader;

    /// <summary>Whether a factor may start here without a sign before it.</summary>
    public bool CanStart(bool withoutFunctions)
    {
        var token = Reader.Current;
        return token.Kind switch
        {
            TokenKind.Number or TokenKind.Letter or TokenKind.Begin => true,
            TokenKind.Text => !WordParser.IsStopWord(token.Text) && token.Text != "mod",
            TokenKind.Word => !WordParser.IsStopWord(token.Text) && token.Text != "mod" && !(withoutFunctions && Vocabulary.Functions.ContainsKey(token.Text)),
            TokenKind.Command => token.Text is not ("pmod" or "bmod" or "mod" or "pod") && !(withoutFunctions && Vocabulary.Functions.ContainsKey(token.Text)),
            TokenKind.Open => !(token.Text == "(" && Reader.Peek() is { Kind: TokenKind.Word or TokenKind.Text or TokenKind.Command, Text: "mod" or "bmod" }),
            TokenKind.Bar => token.Text != "mid" && _outer.OpenBars == 0 && HasClosingBar(),
            TokenKind.Dots => true,
            _ => false,
        };
    }

    // A bar opens only when another one stands before the bracket around it ends.
    private bool HasClosingBar()
    {
        var depth = 0;
        for (var i = 1; i < 200; i++)
        {
            switch (Reader.Peek(i).Kind)
            {
                case TokenKind.Stop: return false;
                case TokenKind.Open or TokenKind.Begin: depth++; break;
                case TokenKind.Close or TokenKind.End when --depth < 0: return false;
                case TokenKind.Bar when depth == 0: return true;
            }
        }

        return false;
    }

    /// <summary>A factor with everything raised or written behind it.</summary>
    /// <param name="afterValue">Whether a factor stands directly before, so that a word may be its unit.</param>
    public Expr? ParseFactor(bool afterValue)
    {
        if (!_outer.Enter()) return null;
        var start = Reader.Position;
        var factor = ParsePrimary(afterValue);
        while (factor is not null)
        {
            var next = ParseSuffix(factor);
            if (ReferenceEquals(next, factor)) break;
            if (next is not null && next is not Power && !_outer.Wrap()) next = null;
            factor = next;
        }

        _outer.Leave();
        return Reader.Position == start ? null : factor;
    }

    /// <summary>The factor with one more sign behind it: a power, a factorial, a per cent sign; itself when there is none.</summary>
    public Expr? ParseSuffix(Expr e)
    {
        switch (Reader.Kind)
        {
            case TokenKind.Caret: return ParsePower(e);
            case TokenKind.Bang:
                Reader.Take();
                if (Reader.Kind == TokenKind.Bang && !Reader.Current.Spaced)
                {
                    Reader.Take();
                    return Build.Call("doublefactorial", e);
                }

                return Build.Call("factorial", e);
            case TokenKind.Percent:
                Reader.Take();
                return Percent(e);
            case TokenKind.Degree:
                Reader.Take();
                return Build.Multiply(e, new Unit("deg"));
            case TokenKind.Prime:
                Reader.Take();
                return Build.Call("prime", e);
            case TokenKind.Underscore when e is not Number:
                var subscript = ReadSubscript();
                return subscript is null ? null : WithSubscript(e, subscript);
            default: return e;
        }
    }

    private static Expr Percent(Expr e) => e is Number n
        ? new Number(n.Value / 100, n.Places + 2, n.Digits)
        : Build.Multiply(e, new Number(Rational.Of(1, 100)));

    private static Expr WithSubscript(Expr e, string subscript) => e switch
    {
        Symbol s => new Symbol($"{s.Name}_{subscript}"),
        TextValue t => new Symbol($"{t.Text}_{subscript}"),
        Constant { Kind: ConstantKind.E } => new Symbol($"e_{subscript}"),
        Constant { Kind: ConstantKind.I } => new Symbol($"i_{subscript}"),
        Constant { Kind: ConstantKind.Pi } => new Symbol($"pi_{subscript}"),
        Call { Name: "prime" } c => Build.Call("prime", WithSubscript(c.Argument, subscript)),
        _ => Build.Call("sub", e, new Symbol(subscript)),
    };

    private Expr? ParsePower(Expr e)
    {
        Reader.Take();
        if (Reader.Kind == TokenKind.Degree)
        {
            Reader.Take();
            return Build.Multiply(e, new Unit("deg"));
        }

        if (Reader.Kind == TokenKind.Prime)
        {
            return ParsePrimes(e);
        }

        if (Reader.Is(TokenKind.Open, "{"))
        {
            if (Reader.Peek().Kind == TokenKind.Degree && Reader.Peek(2).Kind == TokenKind.Close)
            {
                Reader.Position += 3;
                return Build.Multiply(e, new Unit("deg"));
            }

            if (Reader.Peek().Kind == TokenKind.Prime)
            {
                Reader.Take();
                return ParsePrimes(e) is { } primed && Reader.TryTake(TokenKind.Close) ? primed : null;
            }

            if (Reader.Peek() is { Kind: TokenKind.Operator, Text: "+" or "-" or "*" } mark && Reader.Peek(2).Kind == TokenKind.Close)
            {
                Reader.Position += 3;
                return Build.Call("mark", e, new Symbol(mark.Text));
            }
        }

        var exponent = ParseExponent();
        return exponent is null ? null : Raise(e, exponent);
    }

    private Expr? ParsePrimes(Expr e)
    {
        while (Reader.TryTake(TokenKind.Prime))
        {
            if (!_outer.Wrap()) return null;
            e = Build.Call("prime", e);
        }

        return e;
    }

    private static Expr Raise(Expr e, Expr exponent) => exponent is TextValue { Text: "th" or "st" or "nd" or "rd" } ? e : new Power(e, exponent);

    private Expr? ParseExponent()
    {
        if (!_outer.Enter()) return null;
        Expr? exponent;
        if (Reader.Kind == TokenKind.Operator && Reader.Current.Text is "-" or "+")
        {
            var minus = Reader.Take().Text == "-";
            exponent = ParseExponent();
            if (exponent is not null && minus) exponent = Build.Negate(exponent);
        }
        else if (Reader.Is(TokenKind.Operator, "*"))
        {
            Reader.Take();
            exponent = new Symbol("star");
        }
        else
        {
            exponent = ParsePrimary(false);
            if (exponent is not null && Reader.Kind == TokenKind.Bang) exponent = ParseSuffix(exponent);
            if (exponent is not null && Reader.Kind == TokenKind.Caret) exponent = ParsePower(exponent);
        }

        _outer.Leave();
        return exponent;
    }

    /// <summary>The innermost part of a factor.</summary>
    public Expr? ParsePrimary(bool afterValue)
    {
        var token = Reader.Current;
        switch (token.Kind)
        {
            case TokenKind.Number: return ParseNumber();
            case TokenKind.Letter: return _words.ParseLetter();
            case TokenKind.Word: return _words.ParseWord(afterValue);
            case TokenKind.Text: return _words.ParseText(afterValue);
            case TokenKind.Command: return _commands.Parse(afterValue);
            case TokenKind.Open: return _brackets.Parse();
            case TokenKind.Close when token.Text == "]": return _brackets.ParseReversed();
            case TokenKind.Bar: return token.Text == "mid" ? null : _brackets.ParseBars();
            case TokenKind.Begin: return _commands.ParseEnvironment();
            case TokenKind.Dots:
                Reader.Take();
                return new Symbol("...");
            default: return null;
        }
    }

    private Expr? ParseNumber()
    {
        var literal = Reader.Take().Text;
        var number = NumberScanner.Parse(literal);
        if (number is null) return new Symbol("#" + literal.TrimStart('0'));
        if (Reader.Kind == TokenKind.Underscore && number.Value.IsInteger) return ParseBase(literal);
        if (Reader is { Kind: TokenKind.Command, Current.Text: "accent:bar" or "accent:dot" } && literal.Contains('.')) return ParseRepetend(number) ?? number;
        return number;
    }

    private Expr? ParseBase(string digits)
    {
        var subscript = ReadSubscript();
        if (subscript is null) return null;
        subscript = subscript.Trim('(', ')', ' ');
        var known = int.TryParse(subscript, NumberStyles.None, CultureInfo.InvariantCulture, out var radix) && radix is >= 2 and <= 36;
        if (!known) return subscript.ToLowerInvariant() switch
        {
            "two" => Based(digits, 2),
            "three" => Based(digits, 3),
            "four" => Based(digits, 4),
            "five" => Based(digits, 5),
            "six" => Based(digits, 6),
            "seven" => Based(digits, 7),
            "eight" => Based(digits, 8),
            "nine" => Based(digits, 9),
            "ten" => Based(digits, 10),
            _ => new Symbol($"{digits}_{subscript}"),
        };
        return Based(digits, radix);
    }

    private static Expr Based(string digits, int radix)
    {
        BigInteger value = 0;
        foreach (var digit in digits)
        {
            if (digit - '0' >= radix) return new Symbol($"{digits}_{radix}");
            value = value * radix + (digit - '0');
        }

        return new BasedInteger(digits, radix, value);
    }

    // "0.1\overline{6}": the digits under the bar repeat without end.
    private Number? ParseRepetend(Number head)
    {
        var from = Reader.Position;
        Reader.Take();
        var braced = Reader.TryTake(TokenKind.Open, "{");
        if (Reader.Kind == TokenKind.Number && NumberScanner.Parse(Reader.Current.Text) is { Value.IsInteger: true } repetend)
        {
            var digits = Reader.Take().Text.Length;
            if (digits <= 60 && (!braced || Reader.TryTake(TokenKind.Close)))
            {
                var unit = Rational.Pow(10, head.Places ?? 0);
                return new Number(head.Value + repetend.Value / (unit * (BigInteger.Pow(10, digits) - 1)));
            }
        }

        Reader.Position = from;
        return null;
    }

    /// <summary>The text of a subscript, spaces and signs of grouping left out; null when it does not end.</summary>
    public string? ReadSubscript()
    {
        Reader.Take();
        if (!Reader.Is(TokenKind.Open, "{"))
        {
            if (Reader.AtEnd || Reader.Kind is TokenKind.Close) return null;
            return Reader.Take().Text;
        }

        var depth = 0;
        var text = new System.Text.StringBuilder();
        do
        {
            var token = Reader.Take();
            if (token.Kind == TokenKind.Stop) return null;
            if (token.Is(TokenKind.Open, "{")) depth++;
            else if (token.Is(TokenKind.Close, "}")) depth--;
            else text.Append(token.Text);
        }
        while (depth > 0);
        return text.ToString();
    }
}
