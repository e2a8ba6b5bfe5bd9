namespace Fleet.Contracts.Batches.Operations;

/// <summary>Every row several times.</summary>
internal static class Repetition
{
    public static DataProto Of(DataProto data, int times, bool interleave)
    {
        if (times < 0) throw new FleetException($"A batch cannot be repeated {times} times: give 0 or more.");

        int length = data.Length;
        var rows = new int[checked(length * times)];
        for (int i = 0; i < rows.Length; i++) rows[i] = interleave ? i / times : i % length;
        return data.Map(column => column.GatherRows(rows));
    }
}
