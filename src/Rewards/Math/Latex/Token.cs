namespace Fleet.Rewards.Math.Latex;

internal enum TokenKind
{
    /// <summary>Digits with an optional point; separators of thousands are gone.</summary>
    Number,

    /// <summary>One letter, Latin or Greek (by its name), standing for a variable or a constant.</summary>
    Letter,

    /// <summary>A run of two or more plain letters.</summary>
    Word,

    /// <summary>The content of <c>\text{...}</c> and its kin.</summary>
    Text,

    /// <summary>A function or any other LaTeX command, without the backslash.</summary>
    Command,

    /// <summary>A binary operator or a sign: <c>+ - * / pm cup cap setminus</c> and so on.</summary>
    Operator,

    /// <summary>A relation: <c>= != &lt; &lt;= &gt; &gt;= in approx</c> and so on.</summary>
    Relation,

    Open,
    Close,
    Bar,
    Comma,
    Semicolon,
    Colon,
    Caret,
    Underscore,
    Bang,
    Prime,
    Percent,
    Degree,
    Ampersand,
    RowBreak,

    /// <summary>A wide space: <c>\quad</c>.</summary>
    Wide,

    /// <summary>And, or, also in Chinese.</summary>
    Conjunction,
    Dots,
    Begin,
    End,

    /// <summary>A character that means nothing here.</summary>
    Unknown,

    /// <summary>The end of the text.</summary>
    Stop,
}

/// <summary>One token of an answer.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its canonical text: <c>&lt;=</c> for every way to write it.</param>
/// <param name="Start">Where it begins, in UTF-16 units of the text.</param>
/// <param name="End">Where it ends, exclusive.</param>
/// <param name="Spaced">Whether white space stands before it.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int End, bool Spaced)
{
    public bool Is(TokenKind kind, string text) => Kind == kind && Text == text;
}
