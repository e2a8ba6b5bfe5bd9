namespace Fleet.Contracts.Names;

/// <summary>How a row ended.</summary>
public enum RowStatus
{
    /// <summary>The verdict stands, whatever the response did.</summary>
    Scored,

    /// <summary>The row's own data cannot be scored.</summary>
    Invalid,

    /// <summary>The surroundings failed, after retries.</summary>
    Failed,

    /// <summary>The call's deadline passed before the row was scored.</summary>
    TimedOut,

    /// <summary>The caller cancelled.</summary>
    Cancelled,
}

/// <summary>The words for <see cref="RowStatus"/> on the wire and in files.</summary>
public static class RowStatuses
{
    private static readonly string[] Words = ["scored", "invalid", "failed", "timed_out", "cancelled"];

    private static readonly string[] Causes = ["response", "data", "infrastructure", "infrastructure", "infrastructure"];

    /// <summary>The word for a status, such as <c>timed_out</c>.</summary>
    public static string Word(this RowStatus status) => Words[(int)status];

    /// <summary>Whose doing a status is: <c>response</c>, <c>data</c> or <c>infrastructure</c>.</summary>
    public static string Cause(this RowStatus status) => Causes[(int)status];

    /// <summary>The status of a word, or null when there is none.</summary>
    public static RowStatus? Parse(string? word)
    {
        var index = Array.IndexOf(Words, word);
        return index < 0 ? null : (RowStatus)index;
    }
}
