using Fleet.Contracts.Batches;
using Fleet.Rewards;
using Fleet.Worker.Scoring;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Unit.Tests.Worker.Scoring;

public sealed class RowScorerTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task An_exception_costs_one_row(int rowsAtOnce)
    {
        var worker = new Scripted((rollout, _) => rollout.Response == "bad" ? throw new InvalidCastException("oops") : new(RewardScore.Scored(1, new Reason("ok"))), rowsAtOnce);

        var rows = await ScoreAsync(worker, Long, "a", "bad", "c");

        Assert.Equal(["scored ok", "failed worker_defect: InvalidCastException: oops", "scored ok"], rows);
    }

    [Fact]
    public async Task A_row_past_its_deadline_fails_and_the_others_are_scored()
    {
        var worker = new Scripted(async (rollout, token) =>
        {
            if (rollout.Response == "slow") await Task.Delay(Timeout.Infinite, token);
            return RewardScore.Scored(1, new Reason("ok"));
        });

        Assert.Equal(["scored ok", "failed row_deadline: The row was not scored within 0.2 s.", "scored ok"], await ScoreAsync(worker, TimeSpan.FromSeconds(0.2), "a", "slow", "c"));
    }

    [Fact]
    public async Task A_row_that_does_not_listen_is_left_behind()
    {
        using var never = new ManualResetEventSlim();
        var worker = new Scripted((rollout, _) =>
        {
            if (rollout.Response == "deaf") never.Wait(Long, CancellationToken.None);
            return new(RewardScore.Scored(1, new Reason("ok")));
        });

        var rows = await ScoreAsync(worker, TimeSpan.FromSeconds(0.2), "deaf", "b").WaitAsync(Long);

        Assert.Equal(["failed row_deadline: The row was not scored within 0.2 s.", "scored ok"], rows);
        never.Set();
    }

    [Fact]
    public async Task A_failure_of_the_surroundings_keeps_its_code()
    {
        var worker = new Scripted((_, _) => throw new RowFailure("judge_down", "The judge is away.", new() { ["asked"] = 3 }));

        var reply = await ReplyAsync(worker, Long, "a");

        Assert.Equal("failed judge_down: The judge is away.", Row(reply, 0));
        Assert.Equal("""{"asked":3}""", reply.NonTensorBatch[BatchKeys.Detail].Text(0));
        Assert.True(reply.NonTensorBatch[BatchKeys.Score].IsNull(0));
    }

    [Fact]
    public async Task An_invalid_row_is_invalid() => Assert.Equal(
        ["invalid no_gold"], await ScoreAsync(new Scripted((_, _) => new(RewardScore.Invalid(new Reason("no_gold")))), Long, "a"));

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(1, double.PositiveInfinity)]
    public async Task A_score_that_is_no_number_is_a_failure_and_never_a_score(double score, double reward) => Assert.Equal(
        ["failed not_a_number: The worker returned no finite score or reward."],
        await ScoreAsync(new Scripted((_, _) => new(RewardScore.Scored(score, reward, new Reason("ok")))), Long, "a"));

    [Fact]
    public async Task A_detail_with_a_number_that_json_cannot_say_costs_nothing()
    {
        var reply = await ReplyAsync(new Scripted((_, _) => new(RewardScore.Scored(1, new Reason("ok"), new() { ["loss"] = double.NaN, ["parts"] = new System.Text.Json.Nodes.JsonArray(float.PositiveInfinity, 0.5) }))), Long, "a", "b");

        Assert.Equal("scored ok", Row(reply, 1));
        Assert.Equal("""{"loss":"NaN","parts":["Infinity",0.5]}""", reply.NonTensorBatch[BatchKeys.Detail].Text(0));
    }

    [Fact]
    public async Task A_cancelled_part_keeps_the_rows_that_it_has()
    {
        using var cancel = new CancellationTokenSource();
        var worker = new Scripted((rollout, token) =>
        {
            if (rollout.Response == "b") cancel.Cancel();
            token.ThrowIfCancellationRequested();
            return new(RewardScore.Scored(1, new Reason("ok")));
        });

        var reply = await new RowScorer(worker, new RowPolicy(Long), NullLogger.Instance).ScoreAsync(Rows("a", "b", "c"), cancel.Token);

        Assert.Equal(["scored ok", "cancelled cancelled", "cancelled cancelled"], Enumerable.Range(0, 3).Select(row => Row(reply, row)));
    }

    [Fact]
    public async Task Many_rows_at_once_stay_in_order_and_within_their_number()
    {
        int running = 0, most = 0;
        var worker = new Scripted(
            async (rollout, _) =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return RewardScore.Scored(double.Parse(rollout.Response, System.Globalization.CultureInfo.InvariantCulture), new Reason("ok"));
            },
            rowsAtOnce: 3);

        var reply = await ReplyAsync(worker, Long, [.. Enumerable.Range(0, 200).Select(row => $"{row}")]);

        Assert.Equal(Enumerable.Range(0, 200).Select(row => (double?)row), Enumerable.Range(0, 200).Select(row => reply.NonTensorBatch[BatchKeys.Score].Number(row)));
        Assert.InRange(most, 1, 3);
    }

    [Theory]
    [InlineData(true, new[] { "scored truncated: The response was cut at its longest allowed length, which this domain counts as wrong.", "scored ok" }, 0.0)]
    [InlineData(false, new[] { "scored ok", "scored ok" }, 1.0)]
    public async Task A_response_that_was_cut_is_wrong_without_a_look_where_the_domain_says_so(bool isZero, string[] expected, double score)
    {
        var rows = DataProto.Of([], [new(BatchKeys.ResponseText, ValueColumn.OfText(["a", "b"])), new(BatchKeys.FinishReason, ValueColumn.OfText(["length", "stop"]))]);
        var reply = await new RowScorer(new Scripted((_, _) => new(RewardScore.Scored(1, new Reason("ok")))), new RowPolicy(Long) { TruncatedIsZero = isZero }, NullLogger.Instance)
            .ScoreAsync(new RolloutRows(rows, null, false), CancellationToken.None);

        Assert.Equal(expected, Enumerable.Range(0, 2).Select(row => Row(reply, row)));
        Assert.Equal(score, reply.NonTensorBatch[BatchKeys.Score].Number(0));
    }

    [Fact]
    public async Task Further_rules_stand_beside_the_verdict()
    {
        var components = RuleComponents.Of(Fleet.Worker.Runs.RunConfig.Parse("""{"rewards": [{"name": "format", "pattern": "^a$"}]}"""), null);
        var reply = await new RowScorer(new Scripted((_, _) => new(RewardScore.Scored(1, new Reason("ok")))), new RowPolicy(Long) { Components = components }, NullLogger.Instance)
            .ScoreAsync(Rows("a", "b"), CancellationToken.None);

        Assert.Equal(["{\"format\":1}", "{\"format\":0}"], Enumerable.Range(0, 2).Select(row => reply.NonTensorBatch[BatchKeys.Components].Text(row)));
    }

    [Fact]
    public async Task Token_ids_without_a_tokenizer_are_an_invalid_row()
    {
        var ids = DataProto.Of([new(BatchKeys.Responses, TokenColumn.Of([[1, 2]]))], []);
        var reply = await new RowScorer(new Scripted((_, _) => new(RewardScore.Scored(1, new Reason("ok")))), new RowPolicy(Long), NullLogger.Instance)
            .ScoreAsync(new RolloutRows(ids, null, false), CancellationToken.None);

        Assert.StartsWith("invalid no_tokenizer: ", Row(reply, 0), StringComparison.Ordinal);
    }

    private static async Task<string[]> ScoreAsync(RewardWorker worker, TimeSpan timeout, params string[] responses)
    {
        var reply = await ReplyAsync(worker, timeout, responses);
        return [.. Enumerable.Range(0, reply.Length).Select(row => Row(reply, row))];
    }

    private static Task<DataProto> ReplyAsync(RewardWorker worker, TimeSpan timeout, params string[] responses) =>
        new RowScorer(worker, new RowPolicy(timeout), NullLogger.Instance).ScoreAsync(Rows(responses), CancellationToken.None);

    private static RolloutRows Rows(params string[] responses) =>
        new(DataProto.Of([], [new(BatchKeys.ResponseText, ValueColumn.OfText(responses))]), null, false);

    private static string Row(DataProto reply, int row) => $"{reply.NonTensorBatch[BatchKeys.Status].Text(row)} {reply.NonTensorBatch[BatchKeys.Reason].Text(row)}";

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value; seen = Volatile.Read(ref target)) Interlocked.CompareExchange(ref target, value, seen);
    }

    private sealed class Scripted(Func<Rollout, CancellationToken, ValueTask<RewardScore>> score, int rowsAtOnce = 1) : RewardWorker
    {
        protected internal override int RowsAtOnce => rowsAtOnce;

        protected internal override ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation) => score(rollout, cancellation);
    }
}
