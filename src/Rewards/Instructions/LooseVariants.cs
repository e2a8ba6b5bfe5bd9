using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions;

/// <summary>The eight readings of a response that the loose verdict tries: without stars, without its first or last line, and both.</summary>
/// <remarks>
/// A preamble such as "Sure, here it is:", a closing remark or bold type then fails no instruction. Equal readings are given once, blank ones
/// never: those follow nothing.
/// </remarks>
internal sealed class LooseVariants(string text, WorkBudget budget)
{
    private ResponseText[]? _all;

    /// <summary>The readings in the order in which the reference tries them, the text itself left out.</summary>
    public ResponseText[] Others => _all ??= Create();

    private ResponseText[] Create()
    {
        var first = text.IndexOf('\n');
        var last = text.LastIndexOf('\n');
        var withoutFirst = first < 0 ? "" : Strip(text.AsSpan(first + 1));
        var withoutLast = last < 0 ? "" : Strip(text.AsSpan(0, last));
        var withoutBoth = first == last ? "" : Strip(text.AsSpan((first + 1)..last));

        string[] readings =
        [
            WithoutStars(text), withoutFirst, withoutLast, withoutBoth,
            WithoutStars(withoutFirst), WithoutStars(withoutLast), WithoutStars(withoutBoth),
        ];
        return
        [
            .. readings
                .Where(reading => reading != text && !PythonText.IsBlank(reading))
                .Distinct(StringComparer.Ordinal)
                .Select(reading => new ResponseText(reading, budget)),
        ];
    }

    private static string Strip(ReadOnlySpan<char> text) => PythonText.Strip(text).ToString();

    private static string WithoutStars(string text) => text.Replace("*", "", StringComparison.Ordinal);
}
