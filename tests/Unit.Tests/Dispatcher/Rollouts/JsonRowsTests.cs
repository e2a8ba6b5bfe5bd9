using System.Text;
using Fleet.Contracts;
using Fleet.Dispatcher.Rollouts;

namespace Fleet.Unit.Tests.Dispatcher.Rollouts;

public sealed class JsonRowsTests
{
    private const string Good = """{"id": 1, "response": "a"}""";

    [Theory]
    [InlineData("[G, G]")]
    [InlineData("\uFEFF[G,\n  G]\n")]
    [InlineData("""{"step": {"rows": [1]}, "rows": [G, G], "list": [[1], {}]}""")]
    [InlineData("""{"rows": [], "r\u006fws": [G, G]}""")]
    public void Rows_are_a_list_or_a_member_of_an_object(string text)
    {
        var rows = Read(text);
        Assert.Equal([1, 2], rows.Select(row => row.Number));
        Assert.All(rows, row => Assert.Equal((null, "a", Good.Length), (row.Problem, row.Text("response"), row.Bytes)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[G")]
    [InlineData("[G] [G]")]
    [InlineData("[G,]")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("""{"row": [G]}""")]
    [InlineData("""{"rows": G}""")]
    [InlineData("""{"rows": [G]""")]
    public void A_text_that_holds_no_rows_is_one_sentence(string text) => Assert.InRange(Assert.Throws<FleetException>(() => Read(text)).Message.Length, 20, 300);

    [Fact]
    public void What_is_wrong_with_a_row_costs_that_row_alone()
    {
        var deep = new string('[', 10_000) + new string(']', 10_000);
        var rows = Read($$"""[G, {"id": 2, "response": "a", "deep": {{deep}}}, {{deep}}, "text", {"response": "\ud83d"}, {"id": 6, "response": "{{new string('x', 30_000)}}"}, G]""");

        Assert.Equal([null, "broken_row", "broken_row", "not_an_object", null, "row_too_large", null], rows.Select(row => row.Problem?.Code));
        Assert.Equal(Enumerable.Range(1, 7), rows.Select(row => (int)row.Number));
        Assert.Equal("\uFFFD", rows[4].Text("response"));
    }

    private static IReadOnlyList<Row> Read(string text) => JsonRows.Read(Encoding.UTF8.GetBytes(text.Replace("G", Good, StringComparison.Ordinal)), maxRowBytes: 25_000);
}
