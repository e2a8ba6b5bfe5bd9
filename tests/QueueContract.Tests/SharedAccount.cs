namespace Fleet.QueueContract.Tests;

/// <summary>A rate that workers share, and what is asked of those who hold it together: 600 a minute for a whole minute; in the short suite ten times as fast, and a sixth as long.</summary>
internal static class SharedAccount
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("FLEET_LONG") == "1";

    public static readonly int PerMinute = IsLong ? 600 : 6000;

    public static readonly TimeSpan Window = IsLong ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(10);

    /// <summary>Never more than 2 % above. As little below is asked of a machine that is ours alone; on a shared one a tick may come late.</summary>
    public static void AssertHeld(int count)
    {
        var expected = PerMinute * Window.TotalMinutes;
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{count} of {expected:0} in {Window.TotalSeconds:0} s"));
        Assert.InRange(count / expected, IsLong ? 0.98 : 0.75, 1.02);
    }
}
