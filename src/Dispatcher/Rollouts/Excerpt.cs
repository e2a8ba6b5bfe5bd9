namespace Fleet.Dispatcher.Rollouts;

/// <summary>Foreign text inside a sentence: at most 80 characters of it.</summary>
public static class Excerpt
{
    private const int Longest = 80;

    /// <summary>The text, cut where it is longer.</summary>
    public static string Of(string text) => text.Length <= Longest ? text : text[..Longest] + "...";
}
