namespace Fleet.Contracts.Batches.Operations;

/// <summary>Python's slices.</summary>
internal static class Slicing
{
    public static DataProto Of(DataProto data, int? start, int? stop, int step)
    {
        if (step == 0) throw new FleetException("A slice cannot have the step 0: give 1 for every row, -1 for the rows backwards.");

        int length = data.Length;
        int first = Bound(start, step > 0 ? 0 : length - 1, length, step);
        int last = Bound(stop, step > 0 ? length : -1, length, step);
        long distance = step > 0 ? (long)last - first : (long)first - last;
        int count = distance <= 0 ? 0 : (int)((distance + Math.Abs((long)step) - 1) / Math.Abs((long)step));

        if (step == 1) return data.Map(column => column.SliceRows(count == 0 ? 0 : first, count));
        var rows = new int[count];
        for (int i = 0; i < count; i++) rows[i] = (int)(first + ((long)i * step));
        return data.Map(column => column.GatherRows(rows));
    }

    private static int Bound(int? given, int absent, int length, int step)
    {
        if (given is not { } bound) return absent;
        if (bound < 0) bound += length;
        return step > 0 ? Math.Clamp(bound, 0, length) : Math.Clamp(bound, -1, length - 1);
    }
}
