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
            TokenKind.Word => !IsStop() && token.Text != "mod" && !(withoutFunctions && Vocabulary.Functions.ContainsKey(token.Text)),
            TokenKind.Command => token.Text is not ("pmod" or "bmod" or "mod" or "pod" or "choose") && !(withoutFunctions && Vocabulary.Functions.ContainsKey(token.Text)),
            TokenKind.Open => !(token.Text == "[" && _outer.Reversed) && !(token.Text == "(" && Reader.Peek() is { Kind: TokenKind.Word or TokenKind.Text or TokenKind.Command, Text: "mod" or "bmod" }),
            TokenKind.Bar => token.Text != "mid" && _outer.OpenBars == 0 && HasClosingBar(),
            TokenKind.Dots => true,
            _ => false,
        };
    }

    /// <summary>Whether a word of a sentence stands here. "by" in "ax + by = c" and "it" in "e^{it}" are two factors.</summary>
    public bool IsStop()
    {
        var word = Reader.Current.Text;
        if (!WordParser.IsStopWord(word)) return false;
        return word.Length > 2
            || !(Reader.Previous.Kind is TokenKind.Operator or TokenKind.Relation or TokenKind.Open or TokenKind.Number)
            || !(Reader.Peek().Kind is TokenKind.Operator or TokenKind.Relation or TokenKind.Close or TokenKind.Caret or TokenKind.Underscore or TokenKind.Stop);
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
                return Degrees(e);
            case TokenKind.Prime:
                Reader.Take();
                return Build.Call("prime", e);
            case TokenKind.Underscore when e is Number { Value: { IsInteger: true, Sign: >= 0 } whole } && Reader.Previous.Kind == TokenKind.Close: return ParseBase(whole.ToString());
            case TokenKind.Underscore when e is Power { Base: Symbol { Name: "C" or "A" } choice, Exponent: Number chosen }:
                return ReadSubscript() is { } set ? Selection(new Symbol($"{choice.Name}_{set}"), chosen) ?? Build.Call("sub", e, new Symbol(set)) : null;
            case TokenKind.Underscore when e is not Number:
                var subscript = ReadSubscript();
                return subscript is null ? null : WithSubscript(e, subscript);
            default: return e;
        }
    }

    // Degrees of an angle, or of temperature when a scale is named.
    private Expr Degrees(Expr e)
    {
        if (Reader.Kind is not (TokenKind.Letter or TokenKind.Text) || Reader.Current.Text is not ("C" or "F")) return Build.Multiply(e, new Unit("deg"));
        return Build.Multiply(e, new Unit("deg" + Reader.Take().Text));
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
        if (Reader.TryTake(TokenKind.Degree)) return Degrees(e);

        if (Reader.Kind == TokenKind.Prime)
        {
            return ParsePrimes(e);
        }

        if (Reader.Is(TokenKind.Open, "{"))
        {
            if (Reader.Peek().Kind == TokenKind.Degree && Reader.Peek(2).Kind == TokenKind.Close)
            {
                Reader.Position += 3;
                return Degrees(e);
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

    private static Expr Raise(Expr e, Expr exponent) => exponent is TextValue { Text: "th" or "st" or "nd" or "rd" } ? e : Selection(e, exponent) ?? new Power(e, exponent);

    // C_{10}^{3} counts the choices of 3 out of 10, A_{10}^{3} those in order.
    private static Expr? Selection(Expr set, Expr chosen)
    {
        if (set is not Symbol { Name: ['C' or 'A', '_', .. { Length: > 0 and < 5 } size] name } || chosen is not Number { Value: { IsInteger: true, Sign: >= 0 } k }) return null;
        if (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var n) || k > (Rational)n) return null;
        var choices = Build.Call("binom", Build.Int(n), chosen);
        return name[0] == 'C' ? choices : Build.Multiply(choices, Build.Call("factorial", chosen));
    }

    /// <summary>"{}_{10}C_3" and "^{10}C_3", from the first index on; null, with nothing taken, when there is none.</summary>
    public Expr? ParsePrescript()
    {
        if (Reader.Kind is not (TokenKind.Caret or TokenKind.Underscore)) return null;
        var from = Reader.Position;
        if (ReadSubscript() is { } size && Reader.Is(TokenKind.Letter, "C"))
        {
            Reader.Take();
            if (Reader.Kind == TokenKind.Underscore && ReadSubscript() is { Length: > 0 and < 5 } chosen && chosen.All(char.IsAsciiDigit) && NumberScanner.Parse(chosen) is { } k && Selection(new Symbol("C_" + size), k) is { } choices) return choices;
        }

        Reader.Position = from;
        return null;
    }

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
        else if (Reader.Kind == TokenKind.Word && Reader.Current.Text is "th" or "st" or "nd" or "rd") exponent = new TextValue(Reader.Take().Text);
        else if (Reader.Is(TokenKind.Open, "{") && Reader.Peek() is { Kind: TokenKind.Word, Text: "th" or "st" or "nd" or "rd" } && Reader.Peek(2).Kind == TokenKind.Close)
        {
            exponent = new TextValue(Reader.Peek().Text);
            Reader.Position += 3;
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
            case TokenKind.Caret or TokenKind.Underscore: return ParsePrescript();
            case TokenKind.Dots:
                Reader.Take();
                return new Symbol("...");
            default: return null;
        }
    }

    private Expr? ParseNumber()
    {
        if (ParseLetteredInteger() is { } lettered) return lettered;
        var literal = Reader.Take().Text;
        var number = NumberScanner.Parse(literal);
        if (number is null) return new Symbol("#" + literal.TrimStart('0'));
        if (Reader.Kind == TokenKind.Underscore && number.Value.IsInteger) return ParseBase(literal);
        if (!literal.Contains('.') || literal.AsSpan().ContainsAny('e', 'E')) return number;
        if (Reader is { Kind: TokenKind.Command, Current.Text: "accent:bar" or "accent:dot" }) return ParseRepetend(number) ?? number;
        if (Reader.Kind != TokenKind.Dots || Reader.Current.Start != Reader.Previous.End) return number;

        // "0.333..." goes on as it began; other digits are cut off there.
        Reader.Take();
        return Repetend.Continued(literal) ?? number;
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

    /// <summary>Digits and letters in a base above ten, such as <c>1AF_{16}</c>; null, with nothing taken, when here are none.</summary>
    public Expr? ParseLetteredInteger()
    {
        var digits = "";
        var at = 0;
        for (; at < 40 && Reader.Peek(at) is { Kind: TokenKind.Number or TokenKind.Letter or TokenKind.Word } token && (at == 0 || token.Start == Reader.Peek(at - 1).End); at++) digits += token.Text;
        if (digits.Length < 2 || at == 0 || Reader.Peek(at).Kind != TokenKind.Underscore || !digits.All(char.IsAsciiLetterOrDigit) || !digits.Any(char.IsAsciiLetter)) return null;
        var from = Reader.Position;
        Reader.Position += at;
        if (WithRadix(digits) is { } based) return based;
        Reader.Position = from;
        return null;
    }

    /// <summary>The integer with these digits in the base that the subscript here names; null when it names none that has them.</summary>
    public BasedInteger? WithRadix(string digits) =>
        ReadSubscript() is { } subscript && int.TryParse(subscript.Trim('(', ')', ' '), NumberStyles.None, CultureInfo.InvariantCulture, out var radix) && radix is > 10 and <= 36 ? Based(digits.ToUpperInvariant(), radix) as BasedInteger : null;

    /// <summary>"1011 base 2"; null, with nothing taken, when no base is named here.</summary>
    public Expr? ParseNamedBase(Number number)
    {
        if (Reader.Kind is not (TokenKind.Word or TokenKind.Text) || Reader.Current.Text is not ("base" or "in base") || Reader.Peek().Kind != TokenKind.Number || number is not { Value: { IsInteger: true, Sign: >= 0 }, Places: null }) return null;
        if (!int.TryParse(Reader.Peek().Text, NumberStyles.None, CultureInfo.InvariantCulture, out var radix) || radix is < 2 or > 36) return null;
        Reader.Position += 2;
        return Based(number.Value.ToString(), radix);
    }

    private static Expr Based(string digits, int radix)
    {
        BigInteger value = 0;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10;
            if (digit < 0 || digit >= radix) return new Symbol($"{digits}_{radix}");
            value = value * radix + digit;
        }

        return new BasedInteger(digits, radix, value);
    }

    // "0.1\overline{6}": the digits under the bar repeat without end; dots stand over the first and the last of them.
    private Number? ParseRepetend(Number head)
    {
        var from = Reader.Position;
        var dotted = Reader.Current.Text == "accent:dot";
        if (TakeMarkedDigits() is { } repetend)
        {
            if (dotted && Reader.Kind == TokenKind.Number && Reader.Peek() is { Kind: TokenKind.Command, Text: "accent:dot" }) repetend += Reader.Take().Text;
            if (dotted && Reader.Is(TokenKind.Command, "accent:dot")) repetend += TakeMarkedDigits();
            if (Repetend.Of(head, repetend) is { } number) return number;
        }

        Reader.Position = from;
        return null;
    }

    private string? TakeMarkedDigits()
    {
        Reader.Take();
        var braced = Reader.TryTake(TokenKind.Open, "{");
        if (Reader.Kind != TokenKind.Number) return null;
        var digits = Reader.Take().Text;
        return !braced || Reader.TryTake(TokenKind.Close) ? digits : null;
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
