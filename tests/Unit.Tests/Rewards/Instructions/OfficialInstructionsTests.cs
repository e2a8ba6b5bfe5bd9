using Fleet.Rewards;
using Fleet.Rewards.Instructions;
using Fleet.Rewards.Instructions.Official;

namespace Fleet.Unit.Tests.Rewards.Instructions;

public sealed class OfficialInstructionsTests
{
    // Each line: id, parameters, response, strict verdict, loose verdict.
    public static TheoryData<string, string, string, bool, bool> Golden => new()
    {
        { "keywords:existence", """ "keywords": ["apple", "p.ar"] """, "An Apple and a pear", true, true },
        { "keywords:frequency", """ "keyword": "a", "frequency": 3, "relation": "less than" """, "A banana", false, false },
        { "keywords:frequency", """ "keyword": "na", "frequency": 2, "relation": "at least" """, "A banana", true, true },
        { "keywords:forbidden_words", """ "forbidden_words": ["cat"] """, "Category", true, true },
        { "keywords:forbidden_words", """ "forbidden_words": ["sure"] """, "Sure!\nHere it is", false, true },
        { "keywords:letter_frequency", """ "letter": "#", "let_frequency": 2, "let_relation": "at least" """, "# a #", true, true },
        { "language:response_language", """ "language": "de" """, "Das ist ganz gewiss ein deutscher Satz.", true, true },
        { "language:response_language", """ "language": "zh" """, "天气很好，我们沿着河边一直走到晚上。", true, true },
        { "change_case:english_capital", "", "THIS IS AN ENGLISH SENTENCE WITH THE USUAL WORDS", true, true },
        { "change_case:english_lowercase", "", "this is an english sentence with the usual words", true, true },
        { "change_case:capital_word_frequency", """ "capital_frequency": 2, "capital_relation": "less than" """, "NASA is here", true, true },
        { "length_constraints:number_sentences", """ "num_sentences": 2, "relation": "at least" """, "Dr. Who is in. Out!", true, true },
        { "length_constraints:number_words", """ "num_words": 3, "relation": "less than" """, "It's", true, true },
        { "length_constraints:number_paragraphs", """ "num_paragraphs": 2 """, "***\na\n***\nb", true, true },
        { "length_constraints:number_paragraphs", """ "num_paragraphs": 2 """, "a ****** b", false, false },
        { "length_constraints:nth_paragraph_first_word", """ "num_paragraphs": 2, "nth_paragraph": 2, "first_word": "Well" """, "a\n\n\"well, yes", true, true },
        { "detectable_content:number_placeholders", """ "num_placeholders": 2 """, "[name]", false, false },
        { "detectable_content:postscript", """ "postscript_marker": "P.P.S" """, "x\np. p.s more", true, true },
        { "detectable_content:postscript", """ "postscript_marker": "P.S." """, "x p.p.s y", false, false },
        { "detectable_format:number_bullet_lists", """ "num_bullets": 2 """, "* a\n- b", true, true },
        { "detectable_format:number_highlighted_sections", """ "num_highlights": 1 """, "*a*", true, true },
        { "detectable_format:multiple_sections", """ "section_spliter": "PART", "num_sections": 2 """, "PART 1 a PART 2 b", true, true },
        { "detectable_format:title", "", "<< x >>", true, true },
        { "detectable_format:title", "", "<<<>>>", false, false },
        { "detectable_format:json_format", "", "```json\n{\"a\": 1}\n```", true, true },
        { "detectable_format:json_format", "", "Sure:\n[1]", false, true },
        { "detectable_format:constrained_response", "", "Well, My answer is no.", true, true },
        { "combination:two_responses", "", "******a******b******", true, true },
        { "combination:two_responses", "", "a******a", false, false },
        { "combination:repeat_prompt", """ "prompt_to_repeat": "Say hi" """, "SAY HI there", true, true },
        { "startend:end_checker", """ "end_phrase": "The end." """, "... the END.\"", true, true },
        { "startend:quotation", "", "\"x\"", true, true },
        { "startend:quotation", "", "**\"x\"**", false, true },
        { "punctuation:no_comma", "", "Well, sure\nno more", false, true },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Verdicts_are_strict_and_loose(string id, string parameters, string response, bool strict, bool loose)
    {
        var groundTruth = $"{{\"instruction_id_list\": [\"{id}\"], \"kwargs\": [{{{parameters}}}]}}";
        var result = new InstructionsReward(RewardSettings.Default).Score(new Rollout { Response = response, GroundTruth = groundTruth }, new ScoringContext());
        var verdict = result.Detail!["instructions"]![0]!;
        Assert.Equal((id, strict, loose), ((string)verdict["id"]!, (bool)verdict["strict"]!, (bool)verdict["loose"]!));
        Assert.Equal(strict ? 1 : 0, result.Score);
    }

    [Fact]
    public void There_are_25_types_and_each_is_tested()
    {
        Assert.Equal(25, OfficialInstructions.Ids.Count);
        Assert.Empty(OfficialInstructions.Ids.Except(Golden.Select(row => row.Data.Item1)));
    }
}
