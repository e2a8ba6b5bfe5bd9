using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Batches;

namespace Fleet.Unit.Tests.Contracts.Batches;

public sealed class MetaInfoTests
{
    [Fact]
    public void Nothing_changes_in_place()
    {
        var one = MetaInfo.Empty.With("global_step", 1);
        var two = one.With("global_step", 2).With("seed", "x").Without("nothing");

        Assert.Equal(1, one["global_step"].GetInt32());
        Assert.Equal(2, two["global_step"].GetInt32());
        Assert.Equal(["global_step", "seed"], two.Keys);
        Assert.Empty(one.Without("global_step"));
    }

    [Fact]
    public void Values_outlive_their_document()
    {
        using var document = JsonDocument.Parse("{\"a\":[1]}");
        var meta = MetaInfo.OfObject(document.RootElement);
        document.Dispose();

        Assert.Equal("[1]", meta["a"].GetRawText());
    }

    [Theory]
    [InlineData(MetaConflict.KeepFirst, 1)]
    [InlineData(MetaConflict.KeepLast, 2)]
    public void Merge_says_which_value_stays(MetaConflict conflict, int expected)
    {
        var merged = MetaInfo.Empty.With("seed", 1).Merge(MetaInfo.Empty.With("seed", 2).With("lr", 0.5), conflict);

        Assert.Equal(expected, merged["seed"].GetInt32());
        Assert.Equal(0.5, merged["lr"].GetDouble());
    }

    [Fact]
    public void Merge_refuses_different_values_and_takes_equal_ones()
    {
        var meta = MetaInfo.OfObject(Samples.Json("{\"a\":{\"x\":1,\"y\":2.0}}"));

        Assert.Single(meta.Merge(MetaInfo.OfObject(Samples.Json("{\"a\":{\"y\":2.0,\"x\":1}}"))));
        Assert.Contains("Meta entry 'a'", Assert.Throws<FleetException>(() => meta.Merge(MetaInfo.Empty.With("a", 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_entry_is_named() =>
        Assert.Equal("seed", Assert.Throws<BatchKeyException>(() => MetaInfo.Empty["seed"]).Key);
}
