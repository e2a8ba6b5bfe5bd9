using System.Collections.Frozen;

namespace Fleet.Rewards.Instructions.Official;

/// <summary>The 25 instruction types of the official IFEval by id.</summary>
/// <remarks>Source: google-research/google-research, instruction_following_eval/instructions.py.</remarks>
internal static class OfficialInstructions
{
    private static readonly FrozenDictionary<string, Func<Parameters, Check>> Types =
        new Dictionary<string, Func<Parameters, Check>>(StringComparer.Ordinal)
        {
            ["keywords:existence"] = KeywordTypes.Existence,
            ["keywords:frequency"] = KeywordTypes.Frequency,
            ["keywords:forbidden_words"] = KeywordTypes.ForbiddenWords,
            ["keywords:letter_frequency"] = KeywordTypes.LetterFrequency,
            ["language:response_language"] = LanguageTypes.ResponseLanguage,
            ["change_case:english_capital"] = LanguageTypes.EnglishCapital,
            ["change_case:english_lowercase"] = LanguageTypes.EnglishLowercase,
            ["change_case:capital_word_frequency"] = LanguageTypes.CapitalWordFrequency,
            ["length_constraints:number_sentences"] = LengthTypes.Sentences,
            ["length_constraints:number_words"] = LengthTypes.Words,
            ["length_constraints:number_paragraphs"] = LengthTypes.Paragraphs,
            ["length_constraints:nth_paragraph_first_word"] = LengthTypes.NthParagraph,
            ["detectable_content:number_placeholders"] = FormatTypes.Placeholders,
            ["detectable_content:postscript"] = ContentTypes.Postscript,
            ["detectable_format:number_bullet_lists"] = FormatTypes.Bullets,
            ["detectable_format:number_highlighted_sections"] = FormatTypes.Highlights,
            ["detectable_format:multiple_sections"] = FormatTypes.Sections,
            ["detectable_format:title"] = FormatTypes.Title,
            ["detectable_format:json_format"] = FormatTypes.Json,
            ["detectable_format:constrained_response"] = ContentTypes.ConstrainedResponse,
            ["combination:two_responses"] = ContentTypes.TwoResponses,
            ["combination:repeat_prompt"] = ContentTypes.RepeatPrompt,
            ["startend:end_checker"] = ContentTypes.End,
            ["startend:quotation"] = ContentTypes.Quotation,
            ["punctuation:no_comma"] = ContentTypes.NoComma,
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The types' ids.</summary>
    public static IReadOnlyCollection<string> Ids => Types.Keys;

    /// <summary>The instruction of this id with its parameters, or null when there is no such type.</summary>
    public static Instruction? Create(string id, Parameters parameters)
    {
        if (!Types.TryGetValue(id, out var create)) return null;
        var check = create(parameters);
        return new Instruction(id, InstructionForm.Official, parameters.Fault is null ? check : null, parameters.Fault);
    }
}
