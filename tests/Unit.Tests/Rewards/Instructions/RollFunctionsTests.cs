using Fleet.Rewards;
using Fleet.Rewards.Instructions;
using Fleet.Rewards.Instructions.Roll;

namespace Fleet.Unit.Tests.Rewards.Instructions;

public sealed class RollFunctionsTests
{
    // Each line: function, parameters, response, verdict of the reference, right verdict.
    public static TheoryData<string, string, string, bool, bool> Golden => new()
    {
        { "verify_keywords", """ "keyword_list": ["foo", "BA"] """, "Foo bar", true, true },
        { "verify_keywords", """ "keyword_list": ["foo", "zebra"] """, "Foo bar", false, false },
        { "verify_keyword_frequency", """ "word": "z", "N": 3 """, "a b c", true, false },
        { "verify_keyword_frequency", """ "word": "z", "N": 2 """, "z Z q", false, true },
        { "validate_forbidden_words", """ "forbidden_words": ["cat"] """, "Category", false, true },
        { "validate_forbidden_words", """ "forbidden_words": ["cat"] """, "a Cat.", false, false },
        { "verify_letter_frequency", """ "letter": "a", "N": 2 """, "Aaa", true, true },
        { "verify_letter_frequency", """ "letter": "\ud83d\ude00", "N": 1 """, "a\U0001F600", true, true },
        { "validate_response_language", """ "language": "en" """, "This is plainly an English sentence about nothing.", true, true },
        { "validate_response_language", """ "language": "en" """, "42", false, false },
        { "verify_paragraph_count", """ "N": 2 """, "a\n* * *\nb", true, true },
        { "verify_paragraph_count", """ "N": 2 """, "* * *\nb", false, false },
        { "validate_word_constraint", """ "N": 25, "quantifier": "around" """, string.Join(' ', Enumerable.Repeat("w", 23)), true, true },
        { "validate_word_constraint", """ "N": 25, "quantifier": "around" """, string.Join(' ', Enumerable.Repeat("w", 22)), false, false },
        { "validate_word_constraint", """ "N": 1, "quantifier": "exactly" """, "w", false, false },
        { "verify_sentence_constraint", """ "N": 3, "quantifier": "at most" """, "Hello. Yes? No! Done.", true, false },
        { "verify_sentence_constraint", """ "N": 2, "quantifier": "at least" """, "One is here. ", true, false },
        { "validate_paragraphs", """ "N": 2, "first_word": "b", "i": 2 """, "a\n\nb c", true, true },
        { "validate_paragraphs", """ "N": 2, "first_word": "b", "i": 2 """, "a\n\nbc", true, false },
        { "validate_paragraphs", """ "N": 2, "first_word": "b", "i": 2 """, "a\r\n\r\nb", false, true },
        { "validate_paragraphs", """ "N": 2, "first_word": "b", "i": 0 """, "a\n\nb", true, false },
        { "validate_paragraphs", """ "N": 2, "first_word": "b", "i": 3 """, "a\n\nb", false, false },
        { "verify_postscript", """ "postscript_marker": "P.S." """, "x P.S. y", true, true },
        { "verify_postscript", """ "postscript_marker": "P.S." """, "x P.S. ", false, false },
        { "validate_placeholders", """ "N": 2 """, "[a] [b]", true, true },
        { "verify_bullet_points", """ "N": 2 """, "* a\n- b\n**c**\n---", false, true },
        { "verify_bullet_points", """ "N": 4 """, "* a\n- b\n**c**\n---", true, false },
        { "validate_title", "", "<<>>", true, false },
        { "validate_title", "", "<<My day>>", true, true },
        { "validate_choice", """ "options": ["yes", "no"] """, "ye", true, false },
        { "validate_choice", """ "options": ["yes", "no"] """, " yes\n", false, true },
        { "validate_highlighted_sections", """ "N": 2 """, "**bold**", true, false },
        { "validate_sections", """ "N": 2, "section_splitter": "S" """, "S1 a S2 b", true, true },
        { "validate_sections", """ "N": 2, "section_splitter": "S" """, "Hi: S1 a S2 b", false, true },
        { "validate_json_format", "", "{\"a\": 1}", true, true },
        { "validate_json_format", "", "[NaN]", true, false },
        { "validate_repeat_prompt", """ "original_prompt": "Say hi" """, "Say hi: hi", true, true },
        { "validate_two_responses", "", "a******b", true, true },
        { "validate_two_responses", "", "a************b", false, false },
        { "validate_uppercase", "", "123", true, true },
        { "validate_uppercase", "", "A\ufb01", false, false },
        { "validate_lowercase", "", "stra\u00dfe", true, true },
        { "validate_lowercase", "", " ", true, false },
        { "validate_frequency_capital_words", """ "N": 3, "quantifier": "around" """, "I AM A Cat", true, true },
        { "validate_end", """ "end_phrase": "bye" """, "bye ", false, true },
        { "validate_quotation", "", "\"", true, false },
        { "validate_quotation", "", " \"x\"", false, true },
        { "validate_no_commas", "", "a\uff0c b", true, true },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void A_verdict_is_the_references_under_roll_and_the_right_one_else(string function, string parameters, string response, bool roll, bool right)
    {
        var separator = parameters.Length > 0 ? "," : "";
        var groundTruth = $"{{\"func_name\": \"{function}\"{separator}{parameters}}}";
        Assert.Equal(roll ? 1 : 0, Score(groundTruth, response, Parity.Roll));
        Assert.Equal(right ? 1 : 0, Score(groundTruth, response, Parity.Fixed));
    }

    [Fact]
    public void There_are_25_functions_and_each_is_tested()
    {
        Assert.Equal(25, RollFunctions.Names.Count);
        Assert.Empty(RollFunctions.Names.Except(Golden.Select(row => row.Data.Item1)));
    }

    private static double? Score(string groundTruth, string response, Parity parity) =>
        new InstructionsReward(new RewardSettings(parity)).Score(new Rollout { Response = response, GroundTruth = groundTruth }, new ScoringContext()).Score;
}
