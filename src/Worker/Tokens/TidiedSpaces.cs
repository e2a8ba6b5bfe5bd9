namespace Fleet.Worker.Tokens;

/// <summary>Takes away the space before a full stop and the like, where tokenizer_config.json says <c>clean_up_tokenization_spaces: true</c>.</summary>
/// <remarks>Source: huggingface/transformers tokenization_utils_base.py clean_up_tokenization, whose replacements run in this order.</remarks>
internal static class TidiedSpaces
{
    private static readonly (string Found, string Instead)[] Replacements =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public static string Of(string text)
    {
        foreach (var (found, instead) in Replacements) text = text.Replace(found, instead, StringComparison.Ordinal);
        return text;
    }
}
