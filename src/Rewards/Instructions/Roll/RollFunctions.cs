using System.Collections.Frozen;

namespace Fleet.Rewards.Instructions.Roll;

/// <summary>The 25 functions of ROLL's IFEval worker by name.</summary>
/// <remarks>
/// Source: alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards/ifeval_rule_reward_worker.py.
/// Differs: where a function is wrong there are two readings, one for each <see cref="Parity"/>; docs/parity lists them.
/// </remarks>
internal static class RollFunctions
{
    private static readonly FrozenDictionary<string, Func<Parameters, Parity, Check>> Functions =
        new Dictionary<string, Func<Parameters, Parity, Check>>(StringComparer.Ordinal)
        {
            ["verify_keywords"] = KeywordChecks.Keywords,
            ["verify_keyword_frequency"] = KeywordChecks.KeywordFrequency,
            ["validate_forbidden_words"] = KeywordChecks.ForbiddenWords,
            ["verify_letter_frequency"] = KeywordChecks.LetterFrequency,
            ["validate_response_language"] = LanguageChecks.ResponseLanguage,
            ["validate_uppercase"] = LanguageChecks.Uppercase,
            ["validate_lowercase"] = LanguageChecks.Lowercase,
            ["validate_frequency_capital_words"] = LanguageChecks.CapitalWords,
            ["verify_paragraph_count"] = LengthChecks.ParagraphCount,
            ["validate_word_constraint"] = LengthChecks.WordCount,
            ["verify_sentence_constraint"] = LengthChecks.SentenceCount,
            ["validate_paragraphs"] = LengthChecks.Paragraphs,
            ["verify_postscript"] = ContentChecks.Postscript,
            ["validate_placeholders"] = ContentChecks.Placeholders,
            ["validate_choice"] = ContentChecks.Choice,
            ["validate_repeat_prompt"] = ContentChecks.RepeatPrompt,
            ["validate_two_responses"] = ContentChecks.TwoResponses,
            ["validate_end"] = ContentChecks.End,
            ["validate_quotation"] = ContentChecks.Quotation,
            ["validate_no_commas"] = ContentChecks.NoCommas,
            ["verify_bullet_points"] = FormatChecks.BulletPoints,
            ["validate_title"] = FormatChecks.Title,
            ["validate_highlighted_sections"] = FormatChecks.HighlightedSections,
            ["validate_sections"] = FormatChecks.Sections,
            ["validate_json_format"] = FormatChecks.JsonFormat,
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The functions' names.</summary>
    public static IReadOnlyCollection<string> Names => Functions.Keys;

    /// <summary>The function of this name with its parameters, or null when there is no such function.</summary>
    public static Instruction? Create(string name, Parameters parameters, Parity parity)
    {
        if (!Functions.TryGetValue(name, out var create)) return null;
        var check = create(parameters, parity);

        // The worker passes the response under this name, so a key of the same name makes its call fail.
        if (parity == Parity.Roll) parameters.Forbid("text");
        return new Instruction(name, InstructionForm.Roll, parameters.Fault is null ? check : null, parameters.Fault);
    }
}
