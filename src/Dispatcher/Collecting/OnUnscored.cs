namespace Fleet.Dispatcher.Collecting;

/// <summary>What a row without a verdict becomes where numbers are asked for.</summary>
public enum OnUnscored
{
    /// <summary>NaN: loud rather than wrong. The default.</summary>
    Nan,

    /// <summary>The call fails and names the first such row.</summary>
    Raise,

    /// <summary>Zero, and <c>reward_mask</c> is false there.</summary>
    Zero,

    /// <summary>The row is left out.</summary>
    DropRow,

    /// <summary>All rows of its group are left out; a row without a <c>group_id</c> is a group of its own.</summary>
    DropGroup,
}
