using Fleet.Contracts;
using Fleet.Contracts.Batches;

namespace Fleet.Unit.Tests.Contracts.Batches;

public sealed class MetricsTests
{
    private static DataProto Saying(string meta) => DataProto.Empty.WithMeta(MetaInfo.OfObject(Samples.Json(meta)));

    [Fact]
    public void Metrics_of_all_parts_become_lists()
    {
        var joined = DataProto.Concat([
            Saying("""{"metrics":{"acc":0.8,"loss":[0.1,0.2]}}"""),
            Saying("""{"metrics":{"acc":0.9,"loss":[0.15,0.25]}}""")]);

        Assert.Equal("""{"acc":[0.8,0.9],"loss":[0.1,0.2,0.15,0.25]}""", joined.MetaInfo["metrics"].GetRawText());
    }

    [Fact]
    public void One_part_is_collected_like_several() => Assert.Equal(
        """{"acc":[0.8]}""", DataProto.Concat([Saying("""{"metrics":{"acc":0.8}}""")]).MetaInfo["metrics"].GetRawText());

    [Fact]
    public void Lists_collected_before_are_joined_flat()
    {
        var inner = DataProto.Concat([Saying("""{"metrics":{"acc":1}}"""), Saying("""{"metrics":{"acc":2}}""")]);

        Assert.Equal("""{"acc":[1,2,3]}""", DataProto.Concat([inner, Saying("""{"metrics":{"acc":3}}""")]).MetaInfo["metrics"].GetRawText());
    }

    [Fact]
    public void A_number_under_a_global_key_becomes_a_list_with_nulls_where_it_is_missing()
    {
        var joined = DataProto.Concat([Saying("""{"lr":0.1}"""), Saying("{}"), Saying("""{"lr":0.2}""")], globalKeys: ["lr"]);

        Assert.Equal("[0.1,null,0.2]", joined.MetaInfo["lr"].GetRawText());
    }

    [Fact]
    public void Other_entries_keep_the_first_value_and_none_is_lost()
    {
        var joined = DataProto.Concat([Saying("""{"seed":1}"""), Saying("""{"seed":2,"late":true}""")]);

        Assert.Equal(1, joined.MetaInfo["seed"].GetInt32());
        Assert.True(joined.MetaInfo["late"].GetBoolean());
        Assert.Throws<FleetException>(() => DataProto.Concat([Saying("""{"seed":1}"""), Saying("""{"seed":2}""")], MetaConflict.Fail));
    }

    [Fact]
    public void Metrics_missing_on_some_parts_are_skipped_and_then_averaged()
    {
        var joined = DataProto.Concat([
            Saying("""{"metrics":{"acc":1,"only":5}}"""), Saying("""{"metrics":null}"""), Saying("{}"), Saying("""{"metrics":{"acc":0,"none":null}}""")]);

        Assert.Equal("""{"acc":0.5,"only":5}""", joined.ReduceMetrics().MetaInfo["metrics"].GetRawText());
    }

    [Fact]
    public void An_object_in_one_part_and_none_in_another_is_refused() => Assert.Contains(
        "'metrics' is '3' in part 1",
        Assert.Throws<FleetException>(() => DataProto.Concat([Saying("""{"metrics":{"a":1}}"""), Saying("""{"metrics":3}""")])).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("loss", 4)]
    [InlineData("loss_mean", 4)]
    [InlineData("loss_max", 10)]
    [InlineData("loss_min", 1)]
    [InlineData("loss_sum", 16)]
    [InlineData("loss_p50", 2.5)]
    [InlineData("loss_p99", 9.79)]
    [InlineData("loss_std", 3.5355339059327378)]
    [InlineData("loss_max@min", 1)]
    [InlineData("lossmax", 4)]
    public void The_name_of_a_metric_says_how_it_is_reduced(string name, double expected)
    {
        var reduced = Metrics.Reduce(Samples.Json($$"""{"{{name}}":[1,2,3,10]}"""));

        Assert.Equal(expected, reduced.GetProperty(name).GetDouble(), 12);
    }

    [Fact]
    public void What_is_no_list_of_numbers_stays()
    {
        const string metrics = """{"scalar":2,"empty":[],"text":"x","words":["a"]}""";

        Assert.Equal(metrics, Metrics.Reduce(Samples.Json(metrics)).GetRawText());
        Assert.Equal("""{"x":6}""", Metrics.Reduce(Samples.Json("""{"x":[1,2,3]}"""), MetricReduction.Sum).GetRawText());
        Assert.Equal("""{"x":0.75}""", Metrics.Reduce(Samples.Json("""{"x":[[1,true],[1,0]]}""")).GetRawText());
    }

    [Fact]
    public void An_unknown_reduction_is_refused() => Assert.Equal(
        "The metric 'loss@median' asks for the reduction 'median': known are mean, max, min, p50, p99, std, sum.",
        Assert.Throws<FleetException>(() => Metrics.Reduce(Samples.Json("""{"loss@median":[1]}"""))).Message);
}
