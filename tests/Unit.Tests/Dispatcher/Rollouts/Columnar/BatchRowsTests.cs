using System.Text.Json;
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
}
