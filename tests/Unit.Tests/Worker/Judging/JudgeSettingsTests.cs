using System.Text.Json;
using Fleet.Rewards;
using Fleet.Worker.Judging;

namespace Fleet.Unit.Tests.Worker.Judging;

/// <summary>What a configuration says of a judge, in numbers and accounts.</summary>
public class JudgeSettingsTests
{
    private static RewardSettings Settings(string json) => new(Parity.Fixed, JsonDocument.Parse(json).RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value));

    [Fact]
    public void Judges_of_one_model_at_one_address_have_one_account()
    {
        var judges = JudgeOptions.From(Settings("""
            {"judge_model_name": "m", "judges": [
              {"name": "strict", "judge_api_url": "http://a/v1"}, {"name": "kind", "judge_api_url": "http://a/v1/chat/completions"},
              {"name": "far", "judge_api_url": "http://b/v1"}, {"name": "other", "judge_model_name": "n", "judge_api_url": "http://a/v1"}]}
            """));
        Assert.Equal(judges[0].Account, judges[1].Account);
        Assert.Equal(3, judges.Select(judge => judge.Account).Distinct().Count());
    }

    [Fact]
    public void How_a_judge_writes_may_be_said_in_numbers_and_in_texts()
    {
        var how = GeneratingArgs.Of(Settings("""{"generating_args": {"temperature": "0.7", "top_p": 0.8, "top_k": -1, "max_new_tokens": "100"}}"""));
        Assert.Equal(new GeneratingArgs { Temperature = 0.7, TopP = 0.8, TopK = -1, MaxNewTokens = 100 }, how);
        Assert.Equal(new GeneratingArgs(), GeneratingArgs.Of(Settings("""{"generating_args": {"temperature": null}}""")));
        Assert.Equal(new GeneratingArgs(), GeneratingArgs.Of(Settings("{}")));
    }

    [Theory]
    [InlineData("\"top_p\": 0", "generating_args.top_p is 0; expected is above 0 and at most 1.")]
    [InlineData("\"top_p\": \"NaN\"", "generating_args.top_p is \"NaN\"; expected is above 0 and at most 1.")]
    [InlineData("\"temperature\": -0.1", "generating_args.temperature is -0.1; expected is 0 or more.")]
    [InlineData("\"temperature\": 1e400", "generating_args.temperature is 1e400; expected is 0 or more.")]
    [InlineData("\"max_new_tokens\": 0", "generating_args.max_new_tokens is 0; expected is a whole number of 1 or more.")]
    [InlineData("\"max_new_tokens\": true", "generating_args.max_new_tokens is true; expected is a whole number of 1 or more.")]
    [InlineData("\"top_k\": 1.5", "generating_args.top_k is 1.5; expected is a whole number of 1 or more, or 0 for all.")]
    public void How_a_judge_writes_is_checked(string setting, string message) =>
        Assert.Equal(message, Assert.Throws<JudgeSetupException>(() => GeneratingArgs.Of(Settings($$"""{"generating_args": { {{setting}} } }"""))).Message);

    [Theory]
    [InlineData("\"judge_requests_per_minute\": \"Infinity\"", "judge_requests_per_minute is \"Infinity\"; expected is a number.")]
    [InlineData("\"judge_tokens_per_minute\": 0", "judge_tokens_per_minute is 0; expected is above 0.")]
    public void A_limit_is_a_number_above_nothing(string setting, string message) =>
        Assert.Equal(message, Assert.Throws<JudgeSetupException>(() => JudgeOptions.From(Settings($$"""{"judge_model_name": "m", "judge_api_url": "http://a/v1", {{setting}} }"""))).Message);
}
