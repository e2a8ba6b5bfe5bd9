namespace Fleet.Contracts.Batches;

/// <summary>A key names no column or entry, or one that is there already. Never transient.</summary>
/// <param name="key">The key.</param>
/// <param name="message">The sentence.</param>
public sealed class BatchKeyException(string key, string message) : FleetException(message)
{
    /// <summary>The key that was asked for.</summary>
    public string Key { get; } = key;

    internal static BatchKeyException Missing(string what, string key, IEnumerable<string> present) => new(key,
        $"{what} {Quoted.Clip(key)} is not in the batch, which has {Quoted.List(present)}: check the spelling, or add it first.");
}
