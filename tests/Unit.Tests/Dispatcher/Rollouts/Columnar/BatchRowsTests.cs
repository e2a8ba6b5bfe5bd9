using System.Text.Json;
using Fleet.Contracts.Batches;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Rollouts.Columnar;

namespace Fleet.Unit.Tests.Dispatcher.Rollouts.Columnar;

public sealed class BatchRowsTests
{
    [Theory]
    [InlineData("""{"domain":"d","id":"a","prompt":"p","response":"r \u00fc","ground_truth":["1","2"],"limits":{"timeout_s":1.5}}""", """{"domain":"d","id":7,"response":"only this"}""")]
    [InlineData("""{"domain":"d","id":1,"prompt_ids":[1,2],"response_ids":[3]}""", """{"domain":"d","id":2,"prompt_ids":[],"response_ids":[4,5,6]}""")]
    public void What_became_a_batch_becomes_the_same_rows_again(params string[] lines)
    {
        var rows = lines.Select((line, i) => Row.Of(i + 1, JsonElement.Parse(line), line.Length, int.MaxValue)).ToList();

        var again = BatchRows.Of(RowBatch.Of(rows), int.MaxValue).ToList();

        Assert.Equal([1, 2], again.Select(row => row.Number));
        Assert.All(again, row => Assert.Null(row.Problem));
        Assert.All(rows.Zip(again), pair => Assert.True(JsonElement.DeepEquals(pair.First.Json, pair.Second.Json), $"{pair.First.Json} {pair.Second.Json}"));
    }

    [Fact]
    public void A_value_that_cannot_be_read_costs_its_row_alone_and_half_a_surrogate_pair_a_character()
    {
        var batch = DataProto.Of(
            [],
            [
                new(BatchKeys.ResponseText, ValueColumn.OfText(["a", "b", "c"])),
                new(BatchKeys.GroundTruth, ValueColumn.OfJsonText(["""["x\ud83d"]""", "[", "[1,\n 2]"])),
            ]);

        var rows = BatchRows.Of(batch, int.MaxValue).ToList();

        Assert.Equal([null, "broken_cell", null], rows.Select(row => row.Problem?.Code));
        Assert.Equal("x\uFFFD", rows[0].Value("ground_truth")!.Value[0].GetString());
        Assert.Equal(2, rows[2].Value("ground_truth")!.Value.GetArrayLength());
    }

    [Fact]
    public void An_echo_has_what_results_repeat_and_nothing_else()
    {
        var batch = DataProto.Of(
            [new(BatchKeys.Responses, TokenColumn.Of([[1], [2]]))],
            [new(BatchKeys.Id, ValueColumn.OfJsonText(["7", "\"\\ud83d\""])), new(BatchKeys.Tag, ValueColumn.OfText(["t", null])), new(BatchKeys.ResponseText, ValueColumn.OfText(["a", "b"]))]);

        Assert.Equal(["""{"id":7,"tag":"t"}""", """{"id":"\ufffd"}"""], BatchRows.Echo(batch).Select(row => row.Json.GetRawText()));
    }
}
