using Fleet.Rewards.Judge;

namespace Fleet.Integration.Tests.Judging;

/// <summary>Several opinions on one row.</summary>
public sealed class JudgeEnsembleTests : JudgeTestBed
{
    [Fact]
    public async Task An_ensemble_never_reads_its_own_answers_back()
    {
        await using var server = await ScriptedJudge.StartAsync((request, context) => ScriptedJudge.SayAsync(context, request.Number % 3 == 0 ? "NO" : "YES"));
        await using var judge = Judge(server, """, "judge_samples": 3""");
        var first = await ScoreAsync(judge);
        Assert.Equal(1, first.Score!.Score);
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(3, server.Requests.Select(r => (long?)r.Body["seed"]).Distinct().Count());
        Assert.Equal(1.0 / 3, (double)first.Detail["disagreement"]!, 5);

        var again = await ScoreAsync(judge);
        Assert.Equal(first.Score.Score, again.Score!.Score);
        Assert.Equal(default, again.Usage);
        Assert.Equal(3, server.Requests.Count);

        await ScoreAsync(judge, row: Row(id: "2"));
        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task Several_judges_vote()
    {
        await using var yes = await ScriptedJudge.SayingAsync("YES");
        await using var no = await ScriptedJudge.SayingAsync("NO");
        await using var judge = Judge($$"""{"judge_prompt":"{{JudgeTemplates.RlvrName}}","judge_aggregate":"mean","judges":[{"judge_model_name":"a","judge_api_url":"{{yes.Url}}"},{"judge_model_name":"b","judge_api_url":"{{no.Url}}"}]}""");
        var outcome = await ScoreAsync(judge);
        Assert.Equal(0.5, outcome.Score!.Score);
        Assert.Equal(0.5, (double)outcome.Detail["disagreement"]!);
    }
}
