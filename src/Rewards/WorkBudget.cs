namespace Fleet.Rewards;

/// <summary>Counted work that a scoring may do. No clock: the same row spends the same on every machine.</summary>
/// <remarks>
/// A unit is about one step over one code point or one node: a few nanoseconds. The default of 20 million units is
/// some tens of milliseconds.
/// </remarks>
public sealed class WorkBudget(long units = WorkBudget.DefaultUnits)
{
    /// <summary>What a scoring may spend unless told otherwise.</summary>
    public const long DefaultUnits = 20_000_000;

    private long _left = units;

    /// <summary>Units left; never negative.</summary>
    public long Left => Max(0, _left);

    /// <summary>Whether everything was spent.</summary>
    public bool IsSpent => _left < 0;

    /// <summary>Spends some units.</summary>
    /// <returns>False when they are more than what was left: the caller stops with reason <c>over_budget</c>.</returns>
    public bool TrySpend(long units)
    {
        if (_left < 0) return false;
        _left -= units;
        return _left >= 0;
    }

    /// <summary>Spends some units, or leaves the computation for good.</summary>
    /// <exception cref="WorkBudgetSpentException">The units are more than what was left.</exception>
    public void Spend(long units = 1)
    {
        if (!TrySpend(units)) throw new WorkBudgetSpentException();
    }
}

/// <summary>Leaves a deep computation whose budget is spent; caught by the reward that owns the budget, never by a caller of it.</summary>
public sealed class WorkBudgetSpentException : Exception
{
    /// <summary>Creates the exception.</summary>
    public WorkBudgetSpentException() : base("The work budget of this scoring is spent.") { }
}
