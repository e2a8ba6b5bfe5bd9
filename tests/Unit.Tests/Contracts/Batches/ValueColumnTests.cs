using Fleet.Contracts;
using Fleet.Contracts.Batches;

namespace Fleet.Unit.Tests.Contracts.Batches;

public sealed class ValueColumnTests
{
    [Fact]
    public void Every_kind_reads_as_text_and_json()
    {
        var text = ValueColumn.OfText(["5", null]);
        var number = ValueColumn.OfNumbers([0.1, null, double.NaN]);
        var flag = ValueColumn.OfFlags([true, false, null]);

        Assert.Equal(("5", null, "\"5\""), (text.Text(0), text.Text(1), text.Json(0)!.Value.GetRawText()));
        Assert.Equal(("0.1", null, "NaN", "0.1", "\"NaN\""), (number.Text(0), number.Text(1), number.Text(2), number.Json(0)!.Value.GetRawText(), number.Json(2)!.Value.GetRawText()));
        Assert.Equal(("true", "false", null, "true"), (flag.Text(0), flag.Text(1), flag.Text(2), flag.Json(0)!.Value.GetRawText()));
        Assert.Null(text.Number(0));
        Assert.Equal(0.1, number.Number(0));
        Assert.Equal(false, flag.Flag(1));
    }

    [Fact]
    public void A_json_string_reads_as_its_content_and_other_json_as_its_text()
    {
        var json = ValueColumn.OfJsonText([" \"a\\n\\u00e9\" ", "[1, 2]", "5", "true", "null", null]);

        Assert.Equal(["a\né", "[1, 2]", "5", "true", null, null], Enumerable.Range(0, 6).Select(json.Text));
        Assert.Equal((5.0, null, true, null), (json.Number(2), json.Number(0), json.Flag(3), json.Flag(2)));
        Assert.True(json.IsNull(4));
        Assert.Equal(2, json.Json(1)!.Value.GetArrayLength());
    }

    [Fact]
    public void Half_a_surrogate_pair_in_json_is_read_as_python_reads_it() =>
        Assert.Equal("a\ud83d\\/\"\t", ValueColumn.OfJsonText(["\"a\\ud83d\\\\\\/\\\"\\t\""]).Text(0));

    [Fact]
    public void Text_that_is_no_json_is_named_with_its_row()
    {
        var fault = Assert.Throws<FleetException>(() => ValueColumn.OfJsonText(["1", "{a"]).Json(1));

        Assert.StartsWith("Row 1 holds '{a' where JSON is expected:", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_outside_are_refused()
    {
        var column = ValueColumn.OfText(["a", "b", "c"]);
        var last = (ValueColumn)DataProto.Empty.With("c", column).Slice(2)["c"];

        Assert.Equal("c", last.Text(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => last.Text(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => last.Text(-1));
    }

    [Fact]
    public void Joined_kinds_become_json_and_nulls_have_no_kind()
    {
        static DataProto Batch(ValueColumn column) => DataProto.Empty.With("v", column);
        var nulls = ValueColumn.OfText([null]);

        var numbers = (ValueColumn)DataProto.Concat([Batch(nulls), Batch(ValueColumn.OfNumbers([1, null]))])["v"];
        Assert.Equal((ValueKind.Number, null, 1.0), (numbers.Kind, numbers.Number(0), numbers.Number(1)));

        var mixed = (ValueColumn)DataProto.Concat([Batch(ValueColumn.OfText(["5"])), Batch(ValueColumn.OfNumbers([5])), Batch(ValueColumn.OfFlags([true]))])["v"];
        Assert.Equal(ValueKind.Json, mixed.Kind);
        Assert.Equal(["\"5\"", "5", "true"], Enumerable.Range(0, 3).Select(row => mixed.Json(row)!.Value.GetRawText()));
    }
}
