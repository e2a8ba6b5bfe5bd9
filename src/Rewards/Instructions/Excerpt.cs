using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions;

/// <summary>Says where in a text something was found, for the steps of an explanation.</summary>
internal static class Excerpt
{
    private const int Around = 30;

    /// <summary>A sentence about a part that was found at an index, or was not found when the index is negative.</summary>
    public static string Found(string text, string part, int index) =>
        index < 0 ? $"\"{Clip(part)}\" not found" : $"\"{Clip(part)}\" at character {CodePoints(text, index)}: {Near(text, index)}";

    /// <summary>The text around an index on one line.</summary>
    public static string Near(string text, int index)
    {
        var start = Max(0, index - Around);
        var end = Min(text.Length, index + Around);
        return $"...{text[start..end].ReplaceLineEndings(" ")}...";
    }

    /// <summary>At most 80 characters of a text.</summary>
    public static string Clip(string text) => text.Length <= 80 ? text : text[..80] + "...";

    private static int CodePoints(string text, int index) => PythonText.Length(text.AsSpan(0, index));
}
