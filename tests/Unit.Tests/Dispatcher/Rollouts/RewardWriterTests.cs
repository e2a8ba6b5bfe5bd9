using System.Text;
using System.Text.Json;
using Fleet.Contracts.Names;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Rollouts;

namespace Fleet.Unit.Tests.Dispatcher.Rollouts;

public sealed class RewardWriterTests
{
    [Fact]
    public async Task A_result_is_one_line_with_its_columns_in_order()
    {
        var line = Assert.Single(await WriteAsync(new RowReward
        {
            Row = Of("""{"id": "é<", "group_id": 3, "global_step": 12, "response": "secret"}"""),
            Domain = "math_rule",
            Outcome = new RowOutcome { Status = RowStatus.Scored, Score = 1, Reward = 0.1, Reason = "equal", Detail = """{"answer":"4"}""", Rank = 2, Milliseconds = 1.23456 },
        }));

        Assert.Equal(
            """{"id":"é<","domain":"math_rule","status":"scored","cause":"response","score":1,"reward":0.1,"reason":"equal","detail":{"answer":"4"},"rank":2,"ms":1.235,"group_id":3,"global_step":12}""",
            line);
    }

    [Fact]
    public async Task What_is_not_there_is_null_and_a_row_without_id_is_known_by_its_line()
    {
        var row = Row.Broken(7, new RowProblem("broken_line", "Line 7 is no JSON."));
        var line = Assert.Single(await WriteAsync(RowReward.Unscored(row, null, RowStatus.Invalid, "broken_line", "Line 7 is no JSON.")));

        Assert.Equal(
            """{"id":null,"line":7,"domain":null,"status":"invalid","cause":"data","score":null,"reward":null,"reason":"broken_line: Line 7 is no JSON.","detail":null,"rank":null,"ms":null}""",
            line);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("\"a\\n\\\"b\"")]
    [InlineData("""{"a":[1,null]}""")]
    [InlineData("12345678901234567890123")]
    public async Task An_id_comes_back_as_it_was_given(string id)
    {
        var line = Assert.Single(await WriteAsync(RowReward.Unscored(Of($$"""{"id": {{id}}}"""), null, RowStatus.Failed, "x", "")));
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(id).RootElement, JsonDocument.Parse(line).RootElement.GetProperty("id")));
    }

    [Theory]
    [InlineData(RowStatus.TimedOut, "timed_out", "infrastructure")]
    [InlineData(RowStatus.Cancelled, "cancelled", "infrastructure")]
    [InlineData(RowStatus.Failed, "failed", "infrastructure")]
    public async Task A_status_says_whose_doing_it_is(RowStatus status, string word, string cause)
    {
        var json = JsonDocument.Parse(Assert.Single(await WriteAsync(RowReward.Unscored(Of("{}"), "d", status, "x", "")))).RootElement;
        Assert.Equal((word, cause), (json.GetProperty("status").GetString(), json.GetProperty("cause").GetString()));
    }

    [Fact]
    public async Task Every_result_is_a_line_of_its_own_whatever_it_holds()
    {
        var lines = await WriteAsync([.. Enumerable.Range(0, 3).Select(i => RowReward.Unscored(Of($$"""{"id": "{{i}}\n", "group_id": {{{"\n"}} "g": [{{i}},{{"\n"}} 2] } }"""), "d", RowStatus.Failed, "x", "two\nlines"))]);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => JsonDocument.Parse(line));
    }

    private static Row Of(string json) => Row.Of(1, JsonDocument.Parse(json).RootElement, json.Length, int.MaxValue);

    private static async Task<string[]> WriteAsync(params RowReward[] results)
    {
        var stream = new MemoryStream();
        await using (var writer = new RewardWriter(stream, ownsStream: false))
        {
            foreach (var result in results) writer.Write(result);
        }

        return Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
