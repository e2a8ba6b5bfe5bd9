namespace Fleet.Contracts.Batches;

/// <summary>Cuts anything into parts whose sizes differ by one at most, as numpy's array_split does.</summary>
public static class ArraySplit
{
    /// <summary>The sizes: of n = q*k + r the first r parts get q + 1, the others q, which may be none.</summary>
    /// <exception cref="FleetException">The number of parts is less than 1.</exception>
    public static int[] Sizes(int count, int parts)
    {
        if (parts < 1) throw new FleetException($"{count} rows cannot be cut into {parts} parts: give at least 1.");

        var (quotient, remainder) = Math.DivRem(count, parts);
        var sizes = new int[parts];
        for (int i = 0; i < parts; i++) sizes[i] = i < remainder ? quotient + 1 : quotient;
        return sizes;
    }

    /// <summary>A list argument for each rank, however many elements it has.</summary>
    /// <exception cref="FleetException">The number of parts is less than 1.</exception>
    /// <remarks>Differs: the reference splits a list only when the ranks divide its length.</remarks>
    public static IReadOnlyList<IReadOnlyList<T>> Split<T>(IReadOnlyList<T> list, int parts)
    {
        int[] sizes = Sizes(list.Count, parts);
        var split = new IReadOnlyList<T>[parts];
        int start = 0;
        for (int i = 0; i < parts; i++)
        {
            split[i] = [.. list.Skip(start).Take(sizes[i])];
            start += sizes[i];
        }

        return split;
    }
}
