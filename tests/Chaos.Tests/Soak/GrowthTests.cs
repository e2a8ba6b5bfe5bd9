namespace Fleet.Chaos.Tests.Soak;

/// <summary>The judgement of the soak, on series that are known.</summary>
public sealed class GrowthTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(0.5, true)]
    public void A_buffer_that_fills_and_empties_is_no_growth_and_what_is_left_of_it_is(double megabytesASample, bool isGrowing)
    {
        var samples = Enumerable.Range(0, 180).Select(i => (i * 10.0, 300 + (i % 41 * 12) + (i * megabytesASample))).ToList();

        Assert.Equal(isGrowing, Growth.Of(Growth.LowerEdge(samples, TimeSpan.FromMinutes(8))).IsGrowing);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.02, false)]
    [InlineData(0.2, true)]
    [InlineData(0.5, true)]
    public void A_steady_leak_is_growth_and_a_warm_process_is_not(double megabytesASample, bool isGrowing)
    {
        var random = new Random(1);
        var samples = Enumerable.Range(0, 180).Select(i => (i * 10.0, (Math.Min(i, 30) * 5) + (i * megabytesASample) + (random.NextDouble() * 10))).ToList();

        var growth = Growth.Of(samples);

        Assert.Equal(isGrowing, growth.IsGrowing);
        Assert.InRange(growth.SlopePerHour, (megabytesASample * 360) - 8, (megabytesASample * 360) + 8);
    }
}
