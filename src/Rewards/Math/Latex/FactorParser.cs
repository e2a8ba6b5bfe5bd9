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

    public FactorParser(ExpressionParser outer)
    {
        _outer = outer;
        _brackets = new BracketParser(outer, this);
        _commands = new CommandParser(outer, this, _brackets);
    }

    private TokenReader Reader => _outer.Reader;

    /// <summary>Whether a factor may start here without a sign before it.</summary>
    public bool CanStart(bool withoutFunctions)
    {
        var token = Reader.Current;
        return token.Kind switch
        {
            TokenKind.Number or TokenKind.Letter or TokenKind.Begin => true,
            TokenKind.Text => !IsStopWord(token.Text) && token.Text != "mod",
            TokenKind.Word => !IsStopWord(token.Text) && token.Text != "mod" && !(withoutFunctions && Vocabulary.Functions.ContainsKey(token.Text)),
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

    private Expr? ParseSuffix(Expr e)
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
            case TokenKind.Letter: return ParseLetter();
            case TokenKind.Word: return ParseWord(afterValue);
            case TokenKind.Text: return ParseText(afterValue);
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

    private Expr? ParseLetter()
    {
        var token = Reader.Take();
        var name = token.Text;
        var subscript = "";
        if (Reader.Kind == TokenKind.Underscore)
        {
            if (ReadSubscript() is not { } read) return null;
            subscript = "_" + read;
        }

        Expr letter = subscript.Length == 0 ? Letter(name) : new Symbol(name + subscript);
        while (Reader.Kind == TokenKind.Prime && letter is Symbol or Call { Name: "prime" })
        {
            Reader.Take();
            if (!_outer.Wrap()) return null;
            letter = Build.Call("prime", letter);
        }

        if (Reader.Is(TokenKind.Open, "(") && IsFunctionName(name))
        {
            var arguments = _brackets.ParseArguments();
            if (arguments is null) return null;
            var full = letter is Call { Name: "prime" } ? name + subscript + "'" : name + subscript;
            return new Call("apply:" + full, arguments);
        }

        return letter;
    }

    /// <summary>The letter as a constant where it is one, else as a variable.</summary>
    public static Expr Letter(string name) => name switch
    {
        "e" => Constant.E,
        "i" => Constant.I,
        "pi" => Constant.Pi,
        _ => new Symbol(name),
    };

    // A letter before a bracket is a function when it is a usual name of one, or when "f(...) =" opens the relation.
    private bool IsFunctionName(string name)
    {
        if (name is "f" or "g" or "h" or "F" or "G" or "H" or "phi" or "Phi" or "psi" or "Psi" or "Gamma" or "zeta" or "P") return true;
        if (name is "e" or "i" or "pi") return false;
        var depth = 0;
        for (var i = 0; i < 24; i++)
        {
            var token = Reader.Peek(i);
            if (token.Kind == TokenKind.Open) depth++;
            else if (token.Kind == TokenKind.Close && --depth == 0) return IsRelationStart(name) && Reader.Peek(i + 1).Is(TokenKind.Relation, "=");
            else if (token.Kind == TokenKind.Stop) return false;
            else if (depth == 1 && token.Kind is TokenKind.Relation) return true;
        }

        return false;
    }

    private bool IsRelationStart(string name)
    {
        for (var back = -1; back >= -8; back--)
        {
            if (Reader.Position + back < 0) return true;
            var token = Reader.Peek(back);
            if (token.Kind is TokenKind.Letter or TokenKind.Underscore or TokenKind.Prime or TokenKind.Number || token.Is(TokenKind.Open, "{") || token.Is(TokenKind.Close, "}"))
            {
                if (token.Kind == TokenKind.Letter && token.Text != name && back < -1 && Reader.Peek(back + 1).Kind == TokenKind.Letter) return false;
                continue;
            }

            return token.Kind is TokenKind.Comma or TokenKind.Semicolon or TokenKind.Conjunction or TokenKind.Wide or TokenKind.Relation or TokenKind.RowBreak;
        }

        return false;
    }

    private Expr? ParseWord(bool afterValue)
    {
        var word = Reader.Current.Text;
        if (Vocabulary.Functions.ContainsKey(word) && !(afterValue && word is "min" or "sec")) return _commands.Parse(afterValue);
        if (afterValue && NumberWords.Zeros(word) is { } zeros)
        {
            Reader.Take();
            return new Number(BigInteger.Pow(10, zeros));
        }

        if (afterValue && word is "AM" or "PM" or "am" or "pm")
        {
            Reader.Take();
            return new Unit(word.ToUpperInvariant());
        }

        if (afterValue && Units.IsUnitWord(word))
        {
            Reader.Take();
            return new Unit(word);
        }

        switch (word)
        {
            case "sqrt": return _commands.Parse(afterValue);
            case "frac": return _commands.Parse(afterValue);
            case "infinity" or "inf" or "oo" or "infty" or "Infinity":
                Reader.Take();
                return Constant.Infinity;
        }

        if (Vocabulary.Greek.Contains(word))
        {
            Reader.Take();
            return Letter(word);
        }

        if (IsStopWord(word)) return null;
        Reader.Take();
        if (word.Length <= 3 && !IsPlainWord(word)) return SplitWord(word);
        if (Reader.Kind == TokenKind.Word && !afterValue) return null;
        return new TextValue(word);
    }

    // Letters written together are factors; a subscript or a bracket belongs to the last one.
    private Expr? SplitWord(string word)
    {
        var factors = word.Select(c => Letter(c.ToString())).ToArray();
        if (Reader.Kind == TokenKind.Underscore)
        {
            if (ReadSubscript() is not { } subscript) return null;
            factors[^1] = new Symbol($"{word[^1]}_{subscript}");
        }

        if (Reader.Kind is TokenKind.Caret or TokenKind.Bang)
        {
            if (ParseSuffix(factors[^1]) is not { } last) return null;
            factors[^1] = last;
        }

        return new Product(factors);
    }

    private Expr? ParseText(bool afterValue)
    {
        var text = Reader.Take().Text;
        if (afterValue && NumberWords.Zeros(text) is { } zeros) return new Number(BigInteger.Pow(10, zeros));
        if (afterValue) return new Unit(UnitName(text));
        if (Inner(text) is { } inner) return inner;
        var words = Words.Normalise(text);
        return words.Length == 0 ? null : new TextValue(words);
    }

    private static string UnitName(string text)
    {
        var name = text.Trim(' ', '.', ',', '(', ')');
        if (name is "am" or "pm" or "AM" or "PM" or "A.M" or "P.M") return name.Replace(".", "", StringComparison.Ordinal).ToUpperInvariant();
        return Units.Find(name) is null && Units.Find(name.ToLowerInvariant()) is not null ? name.ToLowerInvariant() : name;
    }

    // "\text{(A)}", "\text{13}" and "\text{A, C}" hold values rather than words.
    private Expr? Inner(string text)
    {
        var longest = 0;
        var run = 0;
        foreach (var c in text)
        {
            if (c >= 0x80) return null;
            run = char.IsLetter(c) ? run + 1 : 0;
            longest = Max(longest, run);
        }

        if (longest > 1 || text.Length > 60 || text.Length == 0) return null;
        return ExpressionParser.Parse(text, _outer.Budget, out _);
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

    private static bool IsPlainWord(string word) => word is "yes" or "Yes" or "YES" or "no" or "No" or "NO" or "odd" or "all" or "red" or "any" or "one" or "two" or "six" or "ten" or "Mon" or "Tue" or "not" or "the" or "has";

    private static bool IsStopWord(string word) => word is "is" or "the" or "of" or "for" or "if" or "are" or "to" or "by" or "at" or "so" or "we" or "The" or "where" or "when" or "with" or "that" or "which"
        or "units of" or "If" or "For" or "as" or "on" or "it" or "be" or "an" or "otherwise" or "then" or "It" or "There" or "This" or "In" or "from" or "does" or "has" or "have" or "will" or "can" or "answer" or "therefore" or "its" or "all" or "not";
}
