namespace Fleet.Rewards.Choice;

/// <summary>A gold answer that is no option but a short text, such as <c>Paris</c> or <c>80</c>.</summary>
/// <remarks>Source: none; the reference compares its first letter only.</remarks>
internal static class GoldText
{
    private const string Marker = "answer is";

    /// <summary>Whether a ground truth is a text and not an option: its first two characters are letters or digits, or it is a digit.</summary>
    public static bool Is(string gold) => gold.Length > 0 && (char.IsDigit(gold[0]) || (gold.Length > 1 && char.IsLetterOrDigit(gold[0]) && char.IsLetterOrDigit(gold[1])));

    /// <summary>Whether the box, or else the text behind the last <c>answer is</c>, says this gold text, case and dress apart.</summary>
    public static bool Agrees(ReadOnlySpan<char> answer, bool boxed, string gold)
    {
        if (!boxed)
        {
            var marker = answer.LastIndexOf(Marker, StringComparison.OrdinalIgnoreCase);
            if (marker < 0) return false;
            answer = answer[(marker + Marker.Length)..].TrimStart(" :\n");
            var end = answer.IndexOf('\n');
            if (end >= 0) answer = answer[..end];
        }

        foreach (var dress in (ReadOnlySpan<string>)[@"\text{", @"\textbf{", @"\mathrm{", @"\mathbf{"])
        {
            if (answer.StartsWith(dress)) answer = answer[dress.Length..];
        }

        return answer.Trim(" \t\r\n{}$*_.\"'").Equals(gold.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase);
    }
}
