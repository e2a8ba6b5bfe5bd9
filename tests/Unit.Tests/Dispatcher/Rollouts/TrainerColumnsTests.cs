using System.Text.Json.Nodes;
using Fleet.Dispatcher.Rollouts;
using Fleet.Unit.Tests.Contracts.Batches;

namespace Fleet.Unit.Tests.Dispatcher.Rollouts;

public sealed class TrainerColumnsTests
{
    private const string Verl = """
        {"data_source": "openai/gsm8k", "prompt": [{"role": "user", "content": "How many?"}], "reward_model": {"style": "rule", "ground_truth": "72"},
         "extra_info": {"split": "train", "domain": "math_rule", "response": "forged", "nothing": null}, "response": "72"}
        """;

    [Fact]
    public void Rows_of_verl_have_their_columns_under_our_names()
    {
        var row = Row(Verl);

        Assert.Null(row.Problem);
        Assert.Equal(("math_rule", null, "72", "72", null), (row.Domain, row.Tag, row.Text("response"), row.Text("ground_truth"), row.Value("prompt")?.GetRawText()));
        Assert.Equal("How many?", row.Value("messages")!.Value[0].GetProperty("content").GetString());
        Assert.Equal("train", row.Text("split"));
        Assert.Null(row.Value("nothing"));
    }

    [Theory]
    [InlineData("""{"data_source": "s", "response": "r"}""", "s")]
    [InlineData("""{"data_source": "s", "response": "r", "tag": "t"}""", "t")]
    [InlineData("""{"data_source": "s", "response": "r", "domain": "d"}""", null)]
    [InlineData("""{"data_source": "s", "response": "r", "extra_info": {"tag": "i"}}""", "i")]
    public void The_source_is_the_tag_where_nothing_else_is(string json, string? tag) => Assert.Equal(tag, Row(json).Tag);

    [Theory]
    [InlineData("""{"response": "r", "ground_truth": "own", "data_source": "s", "reward_model": {"ground_truth": "other"}}""", "own")]
    [InlineData("""{"response": "r", "reward_model": {"ground_truth": "of another trainer"}}""", null)]
    [InlineData("""{"response": "r", "data_source": "s", "reward_model": "mcq"}""", null)]
    public void What_the_row_says_itself_wins(string json, string? gold) => Assert.Equal(gold, Row(json).Text("ground_truth"));

    [Theory]
    [InlineData("""{"response": "r", "prompt": [{"role": "user", "content": "q"}]}""", true)]
    [InlineData("""{"response": "r", "messages": "[{\"role\": \"user\", \"content\": \"q\"}]"}""", true)]
    [InlineData("""{"response": "r", "messages": "no list"}""", false)]
    [InlineData("""{"response": "r", "messages": "[broken"}""", false)]
    public void Messages_are_a_list_however_they_are_given(string json, bool isList) =>
        Assert.Equal(isList, Row(json).Value("messages")!.Value.ValueKind == System.Text.Json.JsonValueKind.Array);

    [Fact]
    public void Half_a_surrogate_pair_within_a_text_of_messages_costs_a_character()
    {
        var row = Row("""{"response": "r", "messages": "[{\"role\": \"user\", \"content\": \"a\\ud83d\"}]"}""");
        Assert.Null(row.Problem);
        Assert.Equal("a\uFFFD", row.Value("messages")!.Value[0].GetProperty("content").GetString());
    }

    [Fact]
    public void Messages_nested_so_deep_that_no_reader_takes_the_row_cost_the_row()
    {
        var row = Row($$"""{"id": 7, "domain": "d", "response": "r", "messages": "{{new string('[', 64)}}{{new string(']', 64)}}"}""");
        Assert.Equal(("broken_row", "7", "d"), (row.Problem?.Code, row.Id.GetRawText(), row.Domain));
    }

    [Theory]
    [InlineData("""{"responses": ["r"]}""", null)]
    [InlineData("""{"responses": ["r", "s"]}""", "missing_column")]
    [InlineData("""{"responses": [1]}""", "missing_column")]
    public void One_response_in_a_list_is_the_response(string json, string? problem) => Assert.Equal(problem, Row(json).Problem?.Code);

    [Theory]
    [InlineData("""{"id": 1, "prompt": "p", "response": "r", "ground_truth": [1, {"a": 2}], "messages": [{"role": "user"}]}""")]
    [InlineData("""{"response_ids": [1], "extra_info": {"domain": "x"}, "reward_model": {"ground_truth": "y"}}""")]
    public void Rows_with_our_names_stay_as_they_are(string json) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(Row(json).Json.GetRawText())));

    private static Row Row(string json) => Fleet.Dispatcher.Rollouts.Row.Of(1, Samples.Json(json), json.Length, int.MaxValue);
}
