using System.Numerics;
using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Latex;

/// <summary>Letters, words and text: variables, undefined functions, units, names, words that are numbers.</summary>
internal sealed class WordParser(ExpressionParser outer, FactorParser factors, BracketParser brackets, CommandParser commands)
{
    private TokenReader Reader => outer.Reader;

    public Expr? ParseLetter()
    {
        var token = Reader.Take();
        var name = token.Text;
        var subscript = "";
        if (Reader.Kind == TokenKind.Underscore)
        {
            if (factors.ReadSubscript() is not { } read) return null;
            subscript = "_" + read;
        }

        Expr letter = subscript.Length == 0 ? Letter(name) : new Symbol(name + subscript);
        while (Reader.Kind == TokenKind.Prime && letter is Symbol or Call { Name: "prime" })
        {
            Reader.Take();
            if (!outer.Wrap()) return null;
            letter = Build.Call("prime", letter);
        }

        if (name == "C" && Reader.Is(TokenKind.Open, "(") && Reader.Peek() is { Kind: TokenKind.Number } && Reader.Peek(2).Kind == TokenKind.Comma && Reader.Peek(3).Kind == TokenKind.Number && Reader.Peek(4).Kind == TokenKind.Close)
            return brackets.ParseArguments() is { Length: 2 } pair ? new Call("binom", pair) : null;
        if (Reader.Is(TokenKind.Open, "(") && IsFunctionName(name))
        {
            var arguments = brackets.ParseArguments();
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

    public Expr? ParseWord(bool afterValue)
    {
        var word = Reader.Current.Text;
        if (Reader.Peek().Kind is TokenKind.Underscore or TokenKind.Number && factors.ParseLetteredInteger() is { } lettered) return lettered;
        if (Vocabulary.Functions.ContainsKey(word) && !(afterValue && word is "min" or "sec")) return commands.Parse(afterValue);
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

        if (!afterValue && word is "USD" or "EUR" or "GBP" or "Rs" or "RMB" or "CNY" or "INR" && Reader.Peek().Kind == TokenKind.Number) return commands.ParseCurrency(word, false);

        switch (word)
        {
            case "sqrt": return commands.Parse(afterValue);
            case "frac": return commands.Parse(afterValue);
            case "infinity" or "inf" or "oo" or "infty" or "Infinity":
                Reader.Take();
                return Constant.Infinity;
        }

        if (Vocabulary.Greek.Contains(word))
        {
            Reader.Take();
            return Letter(word);
        }

        if (factors.IsStop()) return null;
        var spaced = Reader.Take().Spaced;
        if (word.Length <= 3 && !IsPlainWord(word)) return SplitWord(word);
        if (Reader.Kind == TokenKind.Word && !afterValue) return null;
        return afterValue && spaced && Labels.IsLabel(word) ? new Unit(word) : new TextValue(word);
    }

    // Letters written together are factors; a subscript or a bracket belongs to the last one.
    private Expr? SplitWord(string word)
    {
        var letters = word.Select(c => Letter(c.ToString())).ToArray();
        if (Reader.Kind == TokenKind.Underscore)
        {
            if (factors.ReadSubscript() is not { } subscript) return null;
            letters[^1] = new Symbol($"{word[^1]}_{subscript}");
        }

        if (Reader.Kind is TokenKind.Caret or TokenKind.Bang)
        {
            if (factors.ParseSuffix(letters[^1]) is not { } last) return null;
            letters[^1] = last;
        }

        return new Product(letters);
    }

    public Expr? ParseText(bool afterValue)
    {
        var text = Reader.Take().Text;
        if (!afterValue && Reader.Kind == TokenKind.Underscore && text.Length is > 1 and < 40 && text.All(char.IsAsciiLetterOrDigit) && text.Any(char.IsAsciiDigit))
        {
            var from = Reader.Position;
            if (factors.WithRadix(text) is { } based) return based;
            Reader.Position = from;
        }

        if (afterValue && NumberWords.Zeros(text) is { } zeros) return new Number(BigInteger.Pow(10, zeros));
        if (afterValue) return Labels.IsLabel(text) ? new Unit(UnitName(text)) : null;
        if (Inner(text) is { } inner) return inner;
        if (text.Length < 60 && (char.IsAsciiDigit(text[0]) || text.Contains("\\textcircled", StringComparison.Ordinal)) && ExpressionParser.Parse(text, outer.Budget, out _) is { } counted) return counted;
        var words = Words.Normalise(text);
        return words.Length == 0 ? null : new TextValue(words);
    }

    private static string UnitName(string text)
    {
        var name = text.Trim(' ', '.', ',', '(', ')');
        if (name is "am" or "pm" or "AM" or "PM" or "A.M" or "P.M") return name.Replace(".", "", StringComparison.Ordinal).ToUpperInvariant();
        return !Units.IsKnown(name) && Units.IsKnown(name.ToLowerInvariant()) ? name.ToLowerInvariant() : name;
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
        return ExpressionParser.Parse(text, outer.Budget, out _);
    }

    private static bool IsPlainWord(string word) => word is "yes" or "Yes" or "YES" or "no" or "No" or "NO" or "odd" or "all" or "red" or "any" or "one" or "two" or "six" or "ten" or "Mon" or "Tue" or "not" or "the" or "has" or "DNE" || word is [>= 'A' and <= 'Z', >= 'a' and <= 'z', >= 'a' and <= 'z'];

    /// <summary>Words of a sentence: no factor is made of them.</summary>
    public static bool IsStopWord(string word) => word is "is" or "the" or "of" or "for" or "if" or "are" or "to" or "by" or "at" or "so" or "we" or "The" or "where" or "when" or "with" or "that" or "which"
        or "units of" or "If" or "For" or "as" or "on" or "it" or "be" or "an" or "otherwise" or "then" or "It" or "There" or "This" or "In" or "from" or "does" or "has" or "have" or "will" or "can" or "answer" or "therefore" or "its" or "all" or "not";
}
