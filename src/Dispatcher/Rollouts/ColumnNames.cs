using Fleet.Contracts.Batches;

namespace Fleet.Dispatcher.Rollouts;

/// <summary>The columns that a row and a batch call by different names: on the wire the name says whether it is text or ids.</summary>
internal static class ColumnNames
{
    private static readonly (string InRow, string OnWire)[] Pairs =
    [
        ("prompt", BatchKeys.PromptText), ("response", BatchKeys.ResponseText), ("prompt_ids", BatchKeys.Prompts), ("response_ids", BatchKeys.Responses),
    ];

    /// <summary>What a row's column is called on the wire.</summary>
    public static string OnWire(string column) => Array.Find(Pairs, pair => pair.InRow == column).OnWire ?? column;

    /// <summary>What a batch's column is called in a row.</summary>
    public static string InRow(string key) => Array.Find(Pairs, pair => pair.OnWire == key).InRow ?? key;

    /// <summary>Whether a name means text or ids on the wire, so that no other column may have it.</summary>
    public static bool IsOnWire(string name) => Array.Exists(Pairs, pair => pair.OnWire == name);
}
