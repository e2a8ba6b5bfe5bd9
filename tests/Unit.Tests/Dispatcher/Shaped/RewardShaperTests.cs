using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Names;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;
using Fleet.Dispatcher.Shaped;

namespace Fleet.Unit.Tests.Dispatcher.Shaped;

public sealed class RewardShaperTests
{
    private const string Groups = """{"shaping": {"normalisation": {"mean": "group"}}}""";

    [Fact]
    public async Task A_domain_without_shaping_goes_through_untouched()
    {
        var shaped = await ShapeAsync("{}", true, Scored(1, 1));
        Assert.Null(Assert.Single(shaped).Shaped);
    }

    [Fact]
    public async Task Rows_that_need_no_others_come_out_at_once()
    {
        var source = new Source(Scored(1, 0.5));
        await using var results = Shaper("""{"rewards": ["d", {"name": "format", "weight": 2}]}""").ShapeAsync(source.Rows(), true, CancellationToken.None).GetAsyncEnumerator();

        Assert.True(await results.MoveNextAsync());
        Assert.Equal((0.5 + (2 * 0.25), false), (results.Current.Shaped!.Composite, source.IsAtEnd));
    }

    [Fact]
    public async Task A_whole_group_comes_out_before_the_call_ends()
    {
        var source = new Source(Scored(1, 1, "a", 2), Scored(2, 0, "a", 2), Scored(3, 1, "b", 2), Scored(4, 1, "b", 2));
        await using var results = Shaper(Groups).ShapeAsync(source.Rows(), true, CancellationToken.None).GetAsyncEnumerator();

        Assert.True(await results.MoveNextAsync());
        Assert.Equal((1L, 0.5, 2), (results.Current.Row.Number, results.Current.Shaped!.AdvantageInput, source.Read));
    }

    [Theory]
    [InlineData(true, new long[] { 1, 2, 3, 4, 5 })]
    [InlineData(false, new long[] { 2, 3, 4, 1, 5 })]
    public async Task Order_is_kept_or_as_groups_get_ready(bool inOrder, long[] expected)
    {
        // Group a is complete with row 5 only; row 4 stands alone.
        var shaped = await ShapeAsync(Groups, inOrder, Scored(1, 1, "a", 2), Scored(2, 1, "b", 2), Scored(3, 0, "b", 2), Scored(4, 1), Scored(5, 0, "a", 2));
        Assert.Equal(expected, shaped.Select(row => row.Row.Number));
        Assert.Equal(0.5, shaped.Single(row => row.Row.Number == 1).Shaped!.AdvantageInput);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_group_that_misses_a_row_holds_up_no_more_rows_than_allowed(bool inOrder)
    {
        var rows = Enumerable.Range(1, 20).Select(row => row == 1 ? Scored(1, 1, "a", 2) : Scored(row, row % 2, $"b{row}", 2)).ToArray();
        var source = new Source(rows);
        await using var results = Shaper(Groups, maxHeld: 5).ShapeAsync(source.Rows(), inOrder, CancellationToken.None).GetAsyncEnumerator();

        Assert.True(await results.MoveNextAsync());
        Assert.Equal((1L, 6), (results.Current.Row.Number, source.Read));
    }

    [Fact]
    public async Task A_group_of_unknown_or_missing_rows_is_shaped_at_the_end()
    {
        var shaped = await ShapeAsync(Groups, true, Scored(1, 1, "a", 3), Scored(2, 0, "a", 3), Scored(3, 1, "b"), Scored(4, 0, "b"));
        Assert.Equal([0.5, -0.5, 0.5, -0.5], shaped.Select(row => row.Shaped!.AdvantageInput));
    }

    [Fact]
    public async Task An_unscored_row_is_in_no_mean_and_is_not_kept()
    {
        var failed = Scored(2, 0, "a", 3) with { Outcome = RowOutcome.Unscored(1, RowStatus.Failed, "failed", null)[0] };
        var shaped = await ShapeAsync(Groups, true, Scored(1, 1, "a", 3), failed, Scored(3, 0, "a", 3));

        Assert.Equal([0.5, null, -0.5], shaped.Select(row => row.Shaped!.AdvantageInput));
        Assert.Equal(("unscored", false), (shaped[1].Shaped!.DroppedBy, shaped[1].Shaped!.Keep));
    }

    [Fact]
    public async Task The_references_query_filter_drops_groups_that_teach_nothing()
    {
        var shaped = await ShapeAsync(
            """{"query_filter_config": {"type": "mean_filter", "filter_args": {"threshold_down": 0.1, "threshold_up": 0.9}}}""",
            true, Scored(1, 1, "a", 2), Scored(2, 1, "a", 2), Scored(3, 1, "b", 2), Scored(4, 0, "b", 2));
        Assert.Equal([false, false, true, true], shaped.Select(row => row.Shaped!.Keep));
        Assert.Equal("mean_filter", shaped[0].Shaped!.DroppedBy);
    }

    [Fact]
    public async Task A_truncated_response_is_masked_where_the_domain_says_so()
    {
        var cut = Scored(1, 1) with { Row = Row(1, """{"finish_reason": "length"}""") };
        var shaped = await ShapeAsync("""{"truncated": "mask"}""", true, cut, Scored(2, 1));
        Assert.Equal(["truncated", null], shaped.Select(row => row.Shaped!.DroppedBy));
    }

    [Fact]
    public async Task Running_moments_go_on_from_call_to_call()
    {
        var run = Run("""{"shaping": {"normalisation": {"mean": "running"}}}""");
        var first = await ToListAsync(new RewardShaper(run, int.MaxValue).ShapeAsync(new Source(Scored(1, 1), Scored(2, 0)).Rows(), true, CancellationToken.None));
        var second = await ToListAsync(new RewardShaper(run, int.MaxValue).ShapeAsync(new Source(Scored(1, 1), Scored(2, 1)).Rows(), true, CancellationToken.None));

        Assert.Equal([0.5, -0.5], first.Select(row => row.Shaped!.AdvantageInput));
        Assert.Equal([0.25, 0.25], second.Select(row => row.Shaped!.AdvantageInput));
    }

    private static RewardShaper Shaper(string config, int maxHeld = int.MaxValue) => new(Run(config), maxHeld);

    private static RunDefinition Run(string config) => new("r", [new DomainDefinition("d", "d", [], JsonNode.Parse(config)!.AsObject())]);

    private static Task<List<RowReward>> ShapeAsync(string config, bool inOrder, params RowReward[] rows) =>
        ToListAsync(Shaper(config).ShapeAsync(new Source(rows).Rows(), inOrder, CancellationToken.None));

    private static async Task<List<RowReward>> ToListAsync(IAsyncEnumerable<RowReward> rows)
    {
        var list = new List<RowReward>();
        await foreach (var row in rows) list.Add(row);
        return list;
    }

    private static RowReward Scored(long number, double score, string? group = null, int? size = null) => new()
    {
        Row = Row(number, $$"""{"group_id": {{JsonSerializer.Serialize(group)}}, "group_size": {{JsonSerializer.Serialize(size)}}}"""),
        Domain = "d",
        Outcome = new RowOutcome { Status = RowStatus.Scored, Score = score, Reward = score, Reason = "ok", Components = """{"format": 0.25}""" },
    };

    private static Row Row(long number, string json) => Fleet.Dispatcher.Rollouts.Row.Of(number, JsonDocument.Parse(json).RootElement, 1, 100);

    private sealed class Source(params RowReward[] rows)
    {
        public int Read { get; private set; }

        public bool IsAtEnd { get; private set; }

        public async IAsyncEnumerable<RowReward> Rows()
        {
            foreach (var row in rows)
            {
                await Task.Yield();
                Read++;
                yield return row;
            }

            IsAtEnd = true;
        }
    }
}
