using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Names;
using Fleet.Dispatcher.Rollouts;
using Fleet.Gateway.Api;
using Fleet.Gateway.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Unit.Tests.Gateway.Api;

public sealed class ResultWriterTests
{
    [Fact]
    public async Task A_call_that_fails_before_anything_is_sent_is_answered_with_its_fault_alone()
    {
        var (context, body) = Request();

        await new FaultFence(NullLogger<FaultFence>.Instance).GuardAsync(context, one => ResultWriter.WriteRowsAsync(one.Response, RowForm.Json, isNumbered: false, Results(3, fails: true), CancellationToken.None));

        Assert.Equal((422, "application/problem+json"), (context.Response.StatusCode, context.Response.ContentType));
        Assert.Equal("refused", JsonDocument.Parse(body.ToArray()).RootElement.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2000)]
    public async Task Every_result_is_written_once_however_many_there_are(int rows)
    {
        var (context, body) = Request();

        await ResultWriter.WriteRowsAsync(context.Response, RowForm.Json, isNumbered: false, Results(rows, fails: false), CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, rows), JsonDocument.Parse(body.ToArray()).RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("id").GetInt32()));
    }

    private static (DefaultHttpContext Context, MemoryStream Body) Request()
    {
        var body = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Response.Body = body;
        return (context, body);
    }

    private static async IAsyncEnumerable<RowReward> Results(int rows, bool fails)
    {
        for (var i = 0; i < rows; i++)
        {
            await Task.Yield();
            yield return RowReward.Unscored(Row.Of(i + 1, JsonSerializer.SerializeToElement(new { id = i }), 1, 1), "d", RowStatus.Invalid, "x", "");
        }

        if (fails) throw new FleetException("The call cannot go on.");
    }
}
