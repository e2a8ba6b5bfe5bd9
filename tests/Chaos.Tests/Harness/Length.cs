// One broker and two processors: faults one after the other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Fleet.Chaos.Tests.Harness.ChaosBroker))]
[assembly: AssemblyFixture(typeof(Fleet.Chaos.Tests.Harness.ChaosReport))]

namespace Fleet.Chaos.Tests.Harness;

/// <summary>How long the faults last: the short cut, or the full length of <c>./test --chaos</c>.</summary>
internal static class Length
{
    public static readonly bool IsFull = Environment.GetEnvironmentVariable("FLEET_CHAOS") == "1";

    public static readonly bool IsSoak = Environment.GetEnvironmentVariable("FLEET_SOAK") == "1";

    /// <summary>The base of every seed; a run can be repeated with the one that it printed.</summary>
    public static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("FLEET_SEED"), out var seed) ? seed : 8;

    public static int Of(int shortCut, int full) => IsFull ? full : shortCut;

    public static TimeSpan Seconds(double shortCut, double full) => TimeSpan.FromSeconds(IsFull ? full : shortCut);

    /// <summary>What a time may be: the figure itself at full length, on a machine that does nothing else; three times that in the short cut, which runs anywhere.</summary>
    public static double AtMost(double seconds) => IsFull ? seconds : 3 * seconds;

    /// <summary>The random numbers of one test; says their seed.</summary>
    public static Random Random(string test, int offset = 0)
    {
        Console.WriteLine($"chaos: {test}: seed {Seed + offset} ({(IsFull ? "full length" : "short cut")})");
        return new Random(Seed + offset);
    }
}
