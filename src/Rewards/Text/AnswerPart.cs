namespace Fleet.Rewards.Text;

/// <summary>The part of a response that is judged: what the model wrote after it stopped thinking, without special tokens.</summary>
public static class AnswerPart
{
    private const string ThinkEnd = "</think>";

    private static readonly string[] SpecialTokens = ["<|endoftext|>", "<pad>", "<|im_end|>"];

    /// <summary>The text without the three special tokens that the reference deletes; nothing else is touched.</summary>
    /// <remarks>Source: alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards, every rule worker but math.</remarks>
    public static string WithoutSpecialTokens(string text)
    {
        if (!text.Contains('<')) return text;
        foreach (var token in SpecialTokens) text = text.Replace(token, "", StringComparison.Ordinal);
        return text;
    }

    /// <summary>What is judged of a whole response: <see cref="WithoutSpecialTokens"/>, then <see cref="AfterThinking"/>, without a copy of its own.</summary>
    public static ReadOnlySpan<char> Of(string response)
    {
        var text = WithoutSpecialTokens(response);
        var end = text.AsSpan().LastIndexOf(ThinkEnd);
        return end < 0 ? text : text.AsSpan(end + ThinkEnd.Length).TrimStart('\n');
    }

    /// <summary>The text after the last <c>&lt;/think&gt;</c>, leading line feeds dropped; the whole text when there is none.</summary>
    public static string AfterThinking(string text)
    {
        var end = text.LastIndexOf(ThinkEnd, StringComparison.Ordinal);
        return end < 0 ? text : text[(end + ThinkEnd.Length)..].TrimStart('\n');
    }
}
