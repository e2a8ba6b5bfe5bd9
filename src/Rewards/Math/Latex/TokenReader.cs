namespace Fleet.Rewards.Math.Latex;

/// <summary>A position in the tokens of an answer.</summary>
internal sealed class TokenReader(List<Token> tokens)
{
    private int _position;

    /// <summary>The current token; never beyond the stop.</summary>
    public int Position
    {
        get => _position;
        set => _position = Min(value, tokens.Count - 1);
    }

    public Token Current => tokens[Position];

    public TokenKind Kind => tokens[Position].Kind;

    public Token Previous => Position > 0 ? tokens[Position - 1] : default;

    public bool AtEnd => Kind == TokenKind.Stop;

    public Token Peek(int ahead = 1) => tokens[Min(Position + ahead, tokens.Count - 1)];

    public bool Is(TokenKind kind, string text) => Current.Is(kind, text);

    public Token Take()
    {
        var token = Current;
        if (!AtEnd) Position++;
        return token;
    }

    public bool TryTake(TokenKind kind)
    {
        if (Kind != kind) return false;
        Take();
        return true;
    }

    public bool TryTake(TokenKind kind, string text)
    {
        if (!Is(kind, text)) return false;
        Take();
        return true;
    }
}
