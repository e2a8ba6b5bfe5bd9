using System.Runtime.CompilerServices;

namespace Fleet.Rewards;

/// <summary>The text of a step, put together only when somebody asked for an explanation.</summary>
/// <remarks>The compiler hands an interpolated string over piece by piece; without an explanation no piece is formatted.</remarks>
[InterpolatedStringHandler]
public ref struct ExplanationText
{
    private DefaultInterpolatedStringHandler _text;

    /// <summary>Called by the compiler.</summary>
    public ExplanationText(int literalLength, int formattedCount, ScoringContext context, out bool isAsked)
    {
        isAsked = context.Explanation is not null;
        _text = isAsked ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, System.Globalization.CultureInfo.InvariantCulture) : default;
    }

    /// <summary>Adds a constant piece.</summary>
    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    /// <summary>Adds a value.</summary>
    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    /// <summary>Adds a value in a format.</summary>
    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    /// <summary>Adds some characters.</summary>
    public void AppendFormatted(ReadOnlySpan<char> value) => _text.AppendFormatted(value);

    internal string ToStringAndClear() => _text.ToStringAndClear();
}
