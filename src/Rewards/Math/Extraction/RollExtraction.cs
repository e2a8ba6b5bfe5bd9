namespace Fleet.Rewards.Math.Extraction;

/// <summary>What the reference worker takes from a response, quirks included.</summary>
/// <remarks>Source: alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards/math_rule_reward_worker.py.</remarks>
internal static class RollExtraction
{
    /// <summary>The text after the only end of thinking, else after the last blank line, else nothing.</summary>
    public static string AfterThinking(string response, string prompt)
    {
        var ends = Count(response, "</think>");
        var begins = response.Contains("<think>", StringComparison.Ordinal);
        if (ends > 1) return "";
        if (prompt.TrimEnd('\n').EndsWith("<think>", StringComparison.Ordinal) ? begins : begins && !response.StartsWith("<think>", StringComparison.Ordinal)) return "";
        var end = response.LastIndexOf("</think>", StringComparison.Ordinal);
        if (end >= 0) return Text.PythonText.Strip(response.AsSpan(end + 8)).ToString();
        var blank = response.LastIndexOf("\n\n", StringComparison.Ordinal);
        return blank < 0 ? "" : Text.PythonText.Strip(response.AsSpan(blank + 2)).ToString();
    }

    /// <summary>The content of the last box; a quotation mark switches the counting of braces off and on.</summary>
    public static (bool Found, string Content) Boxed(string text)
    {
        foreach (var marker in (ReadOnlySpan<string>)["\\boxed\\{", "\\boxed{"])
        {
            var start = text.LastIndexOf(marker, StringComparison.Ordinal);
            if (start < 0) continue;
            var from = start + marker.Length;
            var depth = 0;
            var quoted = false;
            for (var i = from; i < text.Length; i++)
            {
                var c = text[i];
                if (c == '"') quoted = !quoted;
                else if (quoted) continue;
                else if (c == '{') depth++;
                else if (c == '}' && depth-- == 0) return (true, text[from..i]);
            }

            return (false, text[from..]);
        }

        return (false, "");
    }

    private static int Count(string text, string part)
    {
        var count = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0 && count < 2; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal)) count++;
        return count;
    }
}
