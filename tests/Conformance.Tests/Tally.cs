namespace Fleet.Conformance.Tests;

/// <summary>Counts right and wrong verdicts and says which were wrong.</summary>
internal sealed class Tally
{
    private readonly List<string> _wrong = [];
    private int _all;

    /// <summary>Counts one verdict.</summary>
    public void Count(bool isRight, string what)
    {
        _all++;
        if (!isRight) _wrong.Add(what);
    }

    /// <summary>Fails when too few verdicts were right.</summary>
    /// <param name="share">The share that must be right, from 0 to 1.</param>
    public void AssertShare(double share)
    {
        Assert.True(_all > 0, "There were no cases.");
        var right = (double)(_all - _wrong.Count) / _all;
        var figures = $"{_all - _wrong.Count} of {_all} right, {right:P2}";
        TestContext.Current.SendDiagnosticMessage("{0}", figures);
        Assert.True(right >= share, $"{figures}, at least {share:P2} asked:\n{string.Join('\n', _wrong.Take(30))}");
    }
}
