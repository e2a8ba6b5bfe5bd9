using System.Net;
using System.Text.Json.Nodes;
using Fleet.Contracts.Names;
using Fleet.Integration.Tests.Gateway;
using Fleet.Worker;

namespace Fleet.Integration.Tests.Judging;

/// <summary>Rows that come one by one, each in a request of its own.</summary>
public sealed class SingleRowsTests
{
    private const int Requests = 32;

    [Fact]
    public async Task A_judge_is_asked_about_all_of_them_at_once()
    {
        // The judge says nothing until it was asked about every row: a worker that took a few at a time would wait for ever.
        var (asked, all) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var judge = await ScriptedJudge.StartAsync(async (_, context) =>
        {
            if (Interlocked.Increment(ref asked) == Requests) all.SetResult();
            await all.Task.WaitAsync(context.RequestAborted);
            await ScriptedJudge.SayAsync(context, "Score: 8");
        });
        await using var gateway = await TestGateway.StartAsync(
            [Domains.LlmJudge], worker: new WorkerOptions { Domains = [Domains.LlmJudge] }, config: new JsonObject { ["judge_model_name"] = "scripted", ["judge_api_url"] = judge.Url });

        var answers = await Task.WhenAll(Enumerable.Range(0, Requests).Select(row => gateway.PostAsync(
            "/v1/rewards", $$"""{"rows":[{"id":{{row}},"domain":"{{Domains.LlmJudge}}","prompt":"6 * 7?","response":"It is {{row}}.","ground_truth":"42"}]}""")));

        foreach (var answer in answers)
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("\"scored\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            answer.Dispose();
        }
    }
}
