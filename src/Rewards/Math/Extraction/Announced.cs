namespace Fleet.Rewards.Math.Extraction;

/// <summary>The priority of a candidate by the words before it, as the reference gives it.</summary>
internal static class Announced
{
    /// <summary>50 behind "final answer is", 100 behind "answer:", 200 behind "answer", else 300; 0 when ". I hope" follows a final answer.</summary>
    public static int Priority(string text, int start, int end)
    {
        var before = text.AsSpan(Max(0, start - 170), Min(170, start));
        if (FinalAnswerIs(before)) return Follows(text, end, "I hope") ? 0 : 50;
        var answer = LastIndexOf(before, "answer");
        if (answer < 0) return 300;
        var gap = before[(answer + 6)..];
        if (gap.Length > 101) return 300;
        var colon = gap.IndexOf(':');
        if (colon is >= 0 and <= 3 && gap.Length - colon <= 52) return 100;
        return gap.Length <= 52 ? 200 : 300;
    }

    private static bool FinalAnswerIs(ReadOnlySpan<char> before)
    {
        var trimmed = before.TrimEnd(" \t\n:*\"$\\");
        if (!trimmed.EndsWith("is", StringComparison.OrdinalIgnoreCase)) return false;
        var at = LastIndexOf(trimmed, "final answer");
        return at >= 0 && trimmed.Length - at <= 12 + 104;
    }

    private static int LastIndexOf(ReadOnlySpan<char> text, string words) => text.LastIndexOf(words, StringComparison.OrdinalIgnoreCase);

    private static bool Follows(string text, int end, string words)
    {
        var rest = text.AsSpan(Min(end, text.Length)).TrimStart(" .\"$\\)*}");
        return rest.StartsWith(words, StringComparison.OrdinalIgnoreCase);
    }
}
