using System.Globalization;

namespace Fleet.Rewards.Math.Latex;

/// <summary>Cuts an answer, LaTeX or plain text, into tokens. Linear in the text; never fails.</summary>
internal sealed class LatexTokenizer
{
    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private readonly bool _hasEnvironment;
    private int _at;
    private int _depth;
    private bool _spaced;
    private bool _negated;

    private LatexTokenizer(string text)
    {
        _text = text;
        _hasEnvironment = text.Contains("\\begin", StringComparison.Ordinal);
    }

    /// <summary>The tokens of a text whose signs are plain already; the last one is a stop.</summary>
    public static List<Token> Tokenize(string text)
    {
        var tokenizer = new LatexTokenizer(text);
        while (tokenizer._at < text.Length) tokenizer.Next();
        tokenizer.Add(TokenKind.Stop, "", text.Length);
        return tokenizer._tokens;
    }

    private char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private void Add(TokenKind kind, string text, int start)
    {
        if (_negated && kind == TokenKind.Relation) text = text switch { "=" => "!=", "in" => "notin", _ => "not" + text };
        _negated = false;
        _tokens.Add(new Token(kind, text, start, _at, _spaced));
        _spaced = false;
    }

    private void Sign(TokenKind kind, string text, int length = 1)
    {
        var start = _at;
        _at += length;
        Add(kind, text, start);
    }

    private void Next()
    {
        var c = _text[_at];
        if (char.IsWhiteSpace(c) || c == '~')
        {
            _spaced = true;
            _at++;
            return;
        }

        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1)) && !EndsWithDigit()))
        {
            var start = _at;
            var literal = NumberScanner.Read(_text, ref _at, _depth > 0);
            Add(TokenKind.Number, literal, start);
        }
        else if (char.IsAsciiLetter(c)) ReadWord();
        else if (c == '\\') ReadCommand();
        else if (c < 0x80) ReadSign(c);
        else ReadForeign();
    }

    private bool EndsWithDigit() => _at > 0 && char.IsAsciiDigit(_text[_at - 1]);

    private void ReadSign(char c)
    {
        switch (c)
        {
            case '+': Sign(TokenKind.Operator, "+"); break;
            case '-' when Peek(1) == '>': Sign(TokenKind.Relation, "to", 2); break;
            case '-': Sign(TokenKind.Operator, "-"); break;
            case '*' when Peek(1) == '*': Sign(TokenKind.Caret, "^", 2); break;
            case '*': Sign(TokenKind.Operator, "*"); break;
            case '/': Sign(TokenKind.Operator, "/"); break;
            case '=' when Peek(1) == '>': Sign(TokenKind.Relation, "implies", 2); break;
            case '=' when Peek(1) == '<': Sign(TokenKind.Relation, "<=", 2); break;
            case '=': Sign(TokenKind.Relation, "=", Peek(1) == '=' ? 2 : 1); break;
            case '<' when Peek(1) == '=': Sign(TokenKind.Relation, "<=", 2); break;
            case '<' when Peek(1) == '>': Sign(TokenKind.Relation, "!=", 2); break;
            case '<': Sign(TokenKind.Relation, "<"); break;
            case '>' when Peek(1) == '=': Sign(TokenKind.Relation, ">=", 2); break;
            case '>': Sign(TokenKind.Relation, ">"); break;
            case '!' when Peek(1) == '=' && Peek(2) != '=': Sign(TokenKind.Relation, "!=", 2); break;
            case '!': Sign(TokenKind.Bang, "!"); break;
            case '(' or '[': _depth++; Sign(TokenKind.Open, c.ToString()); break;
            case ')' or ']': _depth--; Sign(TokenKind.Close, c.ToString()); break;
            case '{' when Peek(1) == ':' && Peek(2) == '}': Sign(TokenKind.Colon, ":", 3); break;
            case '{': Sign(TokenKind.Open, "{"); break;
            case '}': Sign(TokenKind.Close, "}"); break;
            case '|' when Peek(1) == '|': Sign(TokenKind.Bar, "||", 2); break;
            case '|': Sign(TokenKind.Bar, "|"); break;
            case ',': Sign(TokenKind.Comma, ","); break;
            case ';': Sign(TokenKind.Semicolon, ";"); break;
            case ':' when Peek(1) == '=': Sign(TokenKind.Relation, "=", 2); break;
            case ':': Sign(TokenKind.Colon, ":"); break;
            case '^': Sign(TokenKind.Caret, "^"); break;
            case '_': Sign(TokenKind.Underscore, "_"); break;
            case '\'': Sign(TokenKind.Prime, "'"); break;
            case '%': Sign(TokenKind.Percent, "%"); break;
            case '&': Sign(TokenKind.Ampersand, "&"); break;
            case '@': Sign(TokenKind.Operator, "at"); break;
            case '.' when Peek(1) == '.' && Peek(2) == '.': Sign(TokenKind.Dots, "...", 3); break;
            case '.' or '$' or '"' or '`' or '?': _at++; _spaced |= c != '$'; break;
            default: Sign(TokenKind.Unknown, c.ToString()); break;
        }
    }

    private void ReadWord()
    {
        var start = _at;
        while (char.IsAsciiLetter(Peek())) _at++;
        var word = _text[start.._at];
        AddWord(word, start);
    }

    private void AddWord(string word, int start)
    {
        if (word == "x" && _spaced && _tokens.Count > 0 && _tokens[^1].Kind == TokenKind.Number && Peek() == ' ' && char.IsAsciiDigit(Peek(1))) Add(TokenKind.Operator, "*", start);
        else if (word.Length == 1) Add(TokenKind.Letter, word, start);
        else if (Vocabulary.Conjunctions.Contains(word)) Add(TokenKind.Conjunction, word, start);
        else if (word is "percent" or "percentage" or "pct") Add(TokenKind.Percent, "%", start);
        else if (word == "cent" && _tokens.Count > 0 && _tokens[^1].Is(TokenKind.Word, "per"))
        {
            _tokens.RemoveAt(_tokens.Count - 1);
            Add(TokenKind.Percent, "%", start);
        }
        else if (word is "degrees" or "degree") Add(TokenKind.Degree, "deg", start);
        else Add(TokenKind.Word, word, start);
    }

    // Letters of other scripts: a run of them is one text.
    private void ReadForeign()
    {
        var start = _at;
        if (!char.IsLetter(_text[_at]))
        {
            _at += char.IsSurrogatePair(_text, _at) ? 2 : 1;
            Add(_text[start] is '€' or '£' or '¥' or '₹' ? TokenKind.Command : TokenKind.Unknown, _text[start.._at], start);
            return;
        }

        while (_at < _text.Length && _text[_at] >= 0x80 && char.IsLetter(_text[_at])) _at++;
        var word = _text[start.._at];
        Add(Vocabulary.Conjunctions.Contains(word) ? TokenKind.Conjunction : TokenKind.Text, word, start);
    }

    private void ReadCommand()
    {
        var start = _at++;
        if (_at >= _text.Length) return;
        var c = _text[_at];
        if (!char.IsAsciiLetter(c))
        {
            ReadEscape(c, start);
            return;
        }

        var end = _at;
        while (end < _text.Length && char.IsAsciiLetter(_text[end])) end++;
        var name = _text[_at..end];
        _at = end;
        if (name.Length > 0) AddCommand(name, start);
    }

    private void ReadEscape(char c, int start)
    {
        _at++;
        switch (c)
        {
            case ',' or ';' or ':' or '!' or '>' or ' ' or '/' or '\n' or '\t' or '\r': _spaced = true; break;
            case '{': _depth++; Add(TokenKind.Open, "\\{", start); break;
            case '}': _depth--; Add(TokenKind.Close, "\\}", start); break;
            case '|': Add(TokenKind.Bar, "||", start); break;
            case '%': Add(TokenKind.Percent, "%", start); break;
            case '$': Add(TokenKind.Command, "$", start); break;
            case '&': Add(TokenKind.Conjunction, "&", start); break;
            case '(' or ')' or '[' or ']': _spaced = true; break;
            case '\\' when !_hasEnvironment && char.IsAsciiLetter(Peek()): _at--; ReadCommand(); break;
            case '\\': AddRowBreak(start); break;
            case '-' or '0' or '1' or '2' or '3' or '4' or '5' or '6' or '7' or '8' or '9' when _hasEnvironment:
                // A row break that lost one of its backslashes.
                _at--;
                Add(TokenKind.RowBreak, "\\\\", start);
                break;
            default: _spaced = true; break;
        }
    }

    private void AddRowBreak(int start)
    {
        if (Peek() == '[')
        {
            var close = _text.IndexOf(']', _at, Min(12, _text.Length - _at));
            if (close > 0 && _text.AsSpan(_at + 1, close - _at - 1) is var length && (length.EndsWith("pt") || length.EndsWith("em") || length.EndsWith("ex") || length.EndsWith("cm") || length.EndsWith("mm"))) _at = close + 1;
        }

        Add(TokenKind.RowBreak, "\\\\", start);
    }

    private void AddCommand(string name, int start)
    {
        if (Vocabulary.Relations.TryGetValue(name, out var relation)) Add(TokenKind.Relation, relation, start);
        else if (name == "circ" && IsRaised()) Add(TokenKind.Degree, "deg", start);
        else if (name is "lor" or "land" or "vee" or "wedge" && HasRelation()) Add(TokenKind.Conjunction, name is "lor" or "vee" ? "or" : "and", start);
        else if (Vocabulary.Operators.TryGetValue(name, out var op)) Add(TokenKind.Operator, op, start);
        else if (Vocabulary.Greek.Contains(name)) Add(TokenKind.Letter, name.StartsWith("var", StringComparison.Ordinal) ? name[3..] : name, start);
        else if (Vocabulary.Silent.Contains(name)) SkipDot(name);
        else if (Vocabulary.TextCommands.Contains(name)) AddText(name, start);
        else if (Vocabulary.Accents.TryGetValue(name, out var accent)) Add(TokenKind.Command, "accent:" + accent, start);
        else AddRareCommand(name, start);
    }

    // Between relations the signs of logic are conjunctions.
    private bool HasRelation() => _tokens.Exists(t => t.Kind == TokenKind.Relation);

    private bool IsRaised() =>
        _tokens.Count > 0 && (_tokens[^1].Kind == TokenKind.Caret || (_tokens[^1].Is(TokenKind.Open, "{") && _tokens.Count > 1 && _tokens[^2].Kind == TokenKind.Caret));

    // "\left." and "\right." are brackets that are not there.
    private void SkipDot(string name)
    {
        if (name is "left" or "right" && Peek() == '.') _at++;
        if (name == "color" && Peek() == '{') Group();
    }

    private void AddRareCommand(string name, int start)
    {
        switch (name)
        {
            case "dfrac" or "tfrac" or "cfrac" or "frac": Add(TokenKind.Command, "frac", start); break;
            case "dbinom" or "tbinom" or "binom": Add(TokenKind.Command, "binom", start); break;
            case "quad" or "qquad": Add(TokenKind.Wide, name, start); break;
            case "dots" or "ldots" or "cdots" or "dotsc" or "dotsb" or "dotsm" or "dotsi" or "vdots" or "ddots": Add(TokenKind.Dots, "...", start); break;
            case "degree": Add(TokenKind.Degree, "deg", start); break;
            case "prime": Add(TokenKind.Prime, "'", start); break;
            case "emptyset" or "varnothing" or "oslash" or "O": Add(TokenKind.Command, "emptyset", start); break;
            case "lbrace": _depth++; Add(TokenKind.Open, "\\{", start); break;
            case "rbrace": _depth--; Add(TokenKind.Close, "\\}", start); break;
            case "lbrack" or "langle" or "lfloor" or "lceil" or "lparen": _depth++; Add(TokenKind.Open, Bracket(name), start); break;
            case "rbrack" or "rangle" or "rfloor" or "rceil" or "rparen": _depth--; Add(TokenKind.Close, Bracket(name), start); break;
            case "vert" or "lvert" or "rvert": Add(TokenKind.Bar, "|", start); break;
            case "Vert" or "lVert" or "rVert": Add(TokenKind.Bar, "||", start); break;
            case "colon": Add(TokenKind.Colon, ":", start); break;
            case "mid": Add(TokenKind.Bar, "mid", start); break;
            case "not": _negated = true; break;
            case "tag" or "label" or "hspace" or "vspace" or "textcolor": if (Peek() == '*') _at++; Group(); break;
            case "stackrel" or "overset" or "underset": Group(); break;
            case "mathbb": Add(TokenKind.Command, "bb:" + Group().Trim(), start); break;
            case "newline" or "cr": Add(TokenKind.RowBreak, "\\\\", start); break;
            case "begin": AddBegin(start); break;
            case "end": Add(TokenKind.End, Group(), start); break;
            case "boxed" or "fbox" or "framebox": break;
            case "Longrightarrow": Add(TokenKind.Relation, "implies", start); break;
            default: Add(TokenKind.Command, name, start); break;
        }
    }

    private static string Bracket(string name) => name switch { "lbrack" => "[", "rbrack" => "]", "lparen" => "(", "rparen" => ")", _ => name[1..] };

    private void AddBegin(int start)
    {
        var environment = Group();
        if (environment is "array" or "tabular")
        {
            while (Peek() == ' ') _at++;
            if (Peek() == '{') Group();
        }

        Add(TokenKind.Begin, environment.TrimEnd('*'), start);
    }

    private void AddText(string command, int start)
    {
        var content = Group().Trim();
        if (content.Length == 0)
        {
            _spaced = true;
            return;
        }

        if (Vocabulary.Conjunctions.Contains(content.Trim(',', ' '))) Add(TokenKind.Conjunction, content, start);
        else if (command is "operatorname") Add(TokenKind.Command, content, start);
        else if (content.Trim('~', ' ') is "percent" or "percentage" or "\\%" or "%" or "pct") Add(TokenKind.Percent, "%", start);
        else if (content is "degrees" or "degree" or "^\\circ") Add(TokenKind.Degree, "deg", start);
        else if (command == "mathrm" && content is ['e' or 'i' or 'd' or 'x' or 'y' or 'z' or 'n' or 'p' or 'C']) Add(TokenKind.Letter, content, start);
        else if (Vocabulary.Functions.ContainsKey(content) && (command == "mathrm" || IsCalled())) Add(TokenKind.Command, content, start);
        else
        {
            // "\text{ nickels and }" is a label and a conjunction.
            var label = content.Replace("~", " ", StringComparison.Ordinal).Trim();
            var bare = label.EndsWith(" and", StringComparison.Ordinal) ? label[..^4] : label.EndsWith(" or", StringComparison.Ordinal) ? label[..^3] : label.TrimEnd(',', ';');
            if (bare.Length > 0) Add(TokenKind.Text, bare.Trim(), start);
            if (bare.Length < label.Length) Add(TokenKind.Conjunction, ",", start);
        }
    }

    // Whether a bracket follows: the name before it is a function.
    private bool IsCalled()
    {
        var rest = _text.AsSpan(_at).TrimStart(' ');
        return rest.StartsWith("(") || rest.StartsWith("\\left(");
    }

    // The content of the braces that follow, or the next character; nothing is parsed inside.
    private string Group()
    {
        while (Peek() == ' ') _at++;
        if (_at >= _text.Length) return "";
        if (_text[_at] != '{') return char.IsLetterOrDigit(_text[_at]) ? _text[_at++].ToString(CultureInfo.InvariantCulture) : "";
        var start = ++_at;
        var depth = 1;
        for (; _at < _text.Length; _at++)
        {
            var c = _text[_at];
            if (c == '\\') _at++;
            else if (c == '{') depth++;
            else if (c == '}' && --depth == 0) return _text[start.._at++];
        }

        _at = _text.Length;
        return _text[start..];
    }
}
