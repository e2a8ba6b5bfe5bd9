namespace Fleet.Contracts.Batches.Operations;

/// <summary>Mini-batches for training steps.</summary>
internal static class Iteration
{
    public static IEnumerable<DataProto> Of(DataProto data, int miniBatchSize, int epochs, int? seed)
    {
        if (miniBatchSize < 1 || epochs < 1 || data.Length % miniBatchSize != 0)
        {
            throw new FleetException(
                $"{data.Length} rows cannot be iterated {epochs} times in mini-batches of {miniBatchSize}: give at least 1 of each and a size that divides the rows.");
        }

        return Walk(data, miniBatchSize, epochs, seed);
    }

    private static IEnumerable<DataProto> Walk(DataProto data, int miniBatchSize, int epochs, int? seed)
    {
        // A random made here and not outside: the same sequence each time it is enumerated.
        var random = seed is { } start ? new Random(start) : null;
        int[] order = [.. Enumerable.Range(0, data.Length)];
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            random?.Shuffle(order);
            for (int at = 0; at < order.Length; at += miniBatchSize)
            {
                yield return random is null
                    ? Chunking.Run(data, at, miniBatchSize)
                    : RowSelection.Gather(data, order.AsSpan(at, miniBatchSize));
            }
        }
    }
}
