using Fleet.Rewards.Text;

namespace Fleet.Rewards.Video;

/// <summary>Finds the answer of a video response and judges its format.</summary>
/// <remarks>Source: alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards/video_r1_reward_worker.py.</remarks>
internal static class VideoAnswer
{
    private const string ThinkOpen = "<think>";
    private const string ThinkClose = "</think>";
    private const string Open = "<answer>";
    private const string Close = "</answer>";

    /// <summary>What stands in the first answer tags, without white space around it; the whole text when there are none.</summary>
    public static string Of(string text)
    {
        var start = text.IndexOf(Open, StringComparison.Ordinal);
        if (start < 0) return text;
        start += Open.Length;
        var end = text.IndexOf(Close, start, StringComparison.Ordinal);
        return end < 0 ? text : PythonText.Strip(text.AsSpan(start, end - start)).ToString();
    }

    /// <summary>Whether a text is thinking in tags, then an answer in tags, and nothing else.</summary>
    public static bool HasFormat(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith(ThinkOpen) || !text.EndsWith(Close)) return false;

        // Any end of thinking will do that an answer follows at once.
        var last = text.Length - Close.Length;
        var at = ThinkOpen.Length;
        while (true)
        {
            var close = text[at..].IndexOf(ThinkClose);
            if (close < 0) return false;
            at += close + ThinkClose.Length;
            var open = at;
            while (open < text.Length && PythonText.IsWhiteSpace(text[open])) open++;
            if (text[open..].StartsWith(Open) && open + Open.Length <= last) return true;
        }
    }

    /// <summary>The first character of a choice: of its last box if it has one, without white space and dots around it; empty when nothing is left.</summary>
    public static ReadOnlySpan<char> Choice(ReadOnlySpan<char> answer)
    {
        var text = PythonText.Strip(LastBox(answer)).Trim('.');
        if (text.IsEmpty) return text;
        return text[..(char.IsHighSurrogate(text[0]) && text.Length > 1 && char.IsLowSurrogate(text[1]) ? 2 : 1)];
    }

    // The last box that closes on its own line; unlike in the choice rules an empty one counts.
    private static ReadOnlySpan<char> LastBox(ReadOnlySpan<char> text)
    {
        const string box = @"\boxed{";
        var last = text;
        var at = 0;
        while (true)
        {
            var open = text[at..].IndexOf(box);
            if (open < 0) return last;
            at += open + box.Length;
            var end = text[at..].IndexOfAny('}', '\n');
            if (end < 0) return last;
            if (text[at + end] == '\n') continue;
            last = text.Slice(at, end);
            at += end + 1;
        }
    }
}
