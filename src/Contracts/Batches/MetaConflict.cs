namespace Fleet.Contracts.Batches;

/// <summary>What becomes of a meta entry that two batches say differently.</summary>
public enum MetaConflict
{
    /// <summary>The value of the first batch that has one stays: the reference's rule for concat, which however loses what only a later batch has.</summary>
    KeepFirst,

    /// <summary>The value of the last batch that has one stays.</summary>
    KeepLast,

    /// <summary>Different values are an error, as in the reference's union.</summary>
    Fail,
}
