namespace Fleet.Messaging.Budgets;

/// <summary>Permits that a process has in hand. What was taken and not used is good for a moment.</summary>
/// <param name="good">For how long.</param>
/// <param name="time">The clock.</param>
internal sealed class Credit(TimeSpan good, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _amount;
    private long _at = time.GetTimestamp();

    /// <summary>More of them; below 0 for those that were used beyond what was taken.</summary>
    public void Add(long amount)
    {
        lock (_lock)
        {
            _amount += amount;
            _at = time.GetTimestamp();
        }
    }

    /// <summary>Uses so many, or none when there are not enough.</summary>
    public bool TryUse(long amount)
    {
        lock (_lock)
        {
            if (_amount < amount) return false;
            _amount -= amount;
            return true;
        }
    }

    /// <summary>Lets go of what lay there for too long.</summary>
    public void ForgetOld()
    {
        lock (_lock)
        {
            if (_amount > 0 && time.GetElapsedTime(_at) > good) _amount = 0;
        }
    }
}
