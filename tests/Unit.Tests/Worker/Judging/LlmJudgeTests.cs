using System.Text.Json;
using Fleet.Contracts.Batches;
using Fleet.Rewards;
using Fleet.Rewards.Judge;
using Fleet.Worker.Judging;
using Fleet.Worker.Scoring;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Unit.Tests.Worker.Judging;

/// <summary>How rows are asked about: which answers are remembered, which seeds are drawn, what is too long, whose time runs.</summary>
public sealed class LlmJudgeTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_row_that_comes_again_is_known_by_its_id()
    {
        var model = new ScriptedModel();
        await using var judge = Judge(model);
        await ScoreAsync(judge, Part("a", "b"));
        Assert.Equal(2, model.Asked.Count);
        await ScoreAsync(judge, Part("b", "a"));
        Assert.Equal(2, model.Asked.Count);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("a", "a")]
    [InlineData("", "")]
    public async Task Rows_that_no_id_tells_apart_share_neither_answer_nor_seed(string? one, string? other)
    {
        var model = new ScriptedModel();
        await using var judge = Judge(model);
        await ScoreAsync(judge, Part(one, other));
        Assert.Equal(2, model.Asked.Select(question => question.Seed).Distinct().Count());
        await ScoreAsync(judge, Part(one, other));
        Assert.Equal(4, model.Asked.Count);
        Assert.Equal(2, model.Asked.Select(question => question.Seed).Distinct().Count());
    }

    [Fact]
    public async Task A_row_outside_of_any_part_is_known_by_its_id_too()
    {
        var model = new ScriptedModel();
        await using var judge = Judge(model);
        foreach (var id in new[] { "a", "a", null, null })
        {
            var columns = id is null ? [] : new Dictionary<string, JsonElement> { ["id"] = JsonSerializer.SerializeToElement(id) };
            await judge.ScoreAsync(new Rollout { Prompt = "6 * 7?", Response = "42", GroundTruth = "42", Columns = columns }, CancellationToken.None);
        }

        Assert.Equal(3, model.Asked.Count);
    }

    [Fact]
    public async Task A_response_that_is_too_long_for_the_judge_is_the_responses_fault()
    {
        await using var judge = Judge(new ScriptedModel { MostChars = 3000 });
        var outcome = await judge.ScoreAsync(Row(response: new string('x', 3000)), CancellationToken.None);
        Assert.Equal((0.0, JudgeReasons.ResponseTooLong), (outcome.Score?.Score, outcome.Score?.Reason.Code));
        Assert.Equal("too long", outcome.Score!.Reason.Sentence);
    }

    [Fact]
    public async Task A_question_that_is_too_long_for_the_judge_is_not()
    {
        await using var judge = Judge(new ScriptedModel { MostChars = 3000 });
        var outcome = await judge.ScoreAsync(Row(prompt: new string('x', 3000)), CancellationToken.None);
        Assert.Null(outcome.Score);
        Assert.Equal(JudgeFaults.Rejected, outcome.Failure.Code);
    }

    [Fact]
    public async Task A_judge_that_is_away_is_no_reason_to_call_a_response_too_long()
    {
        await using var judge = Judge(new ScriptedModel("small") { MostChars = 3000 }, new ScriptedModel("away") { Answer = null });
        var outcome = await judge.ScoreAsync(Row(response: new string('x', 3000)), CancellationToken.None);
        Assert.Null(outcome.Score);
    }

    [Fact]
    public async Task Whoever_could_read_a_long_response_decides()
    {
        await using var judge = Judge(new ScriptedModel("small") { MostChars = 3000 }, new ScriptedModel("large"), new ScriptedModel("larger"));
        Assert.Equal(1, (await judge.ScoreAsync(Row(response: new string('x', 3000)), CancellationToken.None)).Score?.Score);
    }

    [Fact]
    public async Task Requests_are_under_way_up_to_the_limit_and_the_rest_waits_without_its_clock()
    {
        var model = new ScriptedModel { Gate = new TaskCompletionSource() };
        await using var judge = new LlmJudge(
            new JudgePlanner(JudgeTemplates.Rlvr, new JudgePlanOptions { Judges = ["m"], Samples = 5 }), [model], new LlmJudgeOptions { Concurrency = 2, RowTimeout = TimeSpan.FromSeconds(10) }, _time);
        var scoring = judge.ScoreAsync(Row(), CancellationToken.None);
        Assert.Equal(2, model.Asked.Count);

        _time.Advance(TimeSpan.FromSeconds(9));
        model.Gate.SetResult();

        Assert.Equal(1, (await scoring).Score?.Score);
        Assert.Equal(5, model.Asked.Count);
    }

    [Fact]
    public async Task A_row_that_waits_for_its_account_is_not_late()
    {
        var budget = new WatchedBudget(isGenerous: false);
        var transport = ScriptedTransport.Of(number => ScriptedTransport.Says(number == 0 ? "Hm." : "YES"));
        var options = new JudgeOptions { Name = "j", Model = "m", Endpoints = [new JudgeEndpoint(new Uri("http://judge/v1"), null)], Temperature = 0 };
        await using var judge = new LlmJudge(
            new JudgePlanner(JudgeTemplates.Rlvr, new JudgePlanOptions { Judges = ["j"] }), [new ApiJudgeModel(options, budget, _time, new Random(1), transport)], new LlmJudgeOptions { RowTimeout = TimeSpan.FromSeconds(10) }, _time);

        var again = new TaskCompletionSource();
        var scoring = judge.ScoreAsync(Row(), CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(10));
        budget.Asked = again.SetResult;
        budget.LetOneGo();
        await again.Task;
        _time.Advance(TimeSpan.FromMinutes(10));
        budget.LetOneGo();

        Assert.Equal(1, (await scoring).Score?.Score);
        Assert.Equal(2, transport.Requests.Count);
    }

    private LlmJudge Judge(params ScriptedModel[] models) => new(
        new JudgePlanner(JudgeTemplates.Rlvr, new JudgePlanOptions { Judges = [.. models.Select(model => model.Name)] }), models, new LlmJudgeOptions(), _time);

    private static Rollout Row(string prompt = "6 * 7?", string response = "42") => new() { Prompt = prompt, Response = response, GroundTruth = "42" };

    private static DataProto Part(params string?[] ids)
    {
        List<KeyValuePair<string, ValueColumn>> columns =
        [
            new(BatchKeys.PromptText, ValueColumn.OfText([.. ids.Select(_ => "6 * 7?")])),
            new(BatchKeys.ResponseText, ValueColumn.OfText([.. ids.Select(_ => "42")])),
            new(BatchKeys.GroundTruth, ValueColumn.OfText([.. ids.Select(_ => "42")])),
        ];
        if (ids.Any(id => id is not null)) columns.Add(new(BatchKeys.Id, ValueColumn.OfText(ids)));
        return JudgedRow.WithPlaces(DataProto.Of([], columns, MetaInfo.Empty));
    }

    private static async Task ScoreAsync(LlmJudge judge, DataProto part)
    {
        var rows = new RolloutRows(part, decoder: null, skipSpecialTokens: true);
        for (var row = 0; row < rows.Count; row++) Assert.Equal(1, (await judge.ScoreAsync(rows[row], CancellationToken.None)).Score?.Score);
    }

    private sealed class ScriptedModel(string name = "m") : IJudgeModel
    {
        public string Name => name;

        public string Identity => name;

        public List<JudgeQuestion> Asked { get; } = [];

        public string? Answer { get; init; } = "YES";

        public int MostChars { get; init; } = int.MaxValue;

        public TaskCompletionSource? Gate { get; init; }

        public bool Fits(JudgeQuestion question) => question.Messages.Sum(message => message.Content.Length) <= MostChars;

        public async Task<JudgeReply> AskAsync(JudgeQuestion question, CancellationToken cancellationToken)
        {
            Asked.Add(question);
            if (Gate is not null) await Gate.Task.WaitAsync(cancellationToken);
            if (!Fits(question)) return new JudgeReply(null, new Reason(JudgeFaults.Rejected, "too long"), default);
            return Answer is null ? new JudgeReply(null, new Reason(JudgeFaults.Unavailable, "away"), default) : new JudgeReply(new JudgeAnswer(Answer), default, default);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
