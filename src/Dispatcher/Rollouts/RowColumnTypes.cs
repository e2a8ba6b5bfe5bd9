using System.Text.Json;

namespace Fleet.Dispatcher.Rollouts;

/// <summary>The types of the columns that every domain reads; the rest is its domain's business.</summary>
internal static class RowColumnTypes
{
    private static readonly (string Name, JsonValueKind[] Kinds, string Expected)[] Rules =
    [
        ("response", [JsonValueKind.String], "text"),
        ("prompt", [JsonValueKind.String], "text"),
        ("domain", [JsonValueKind.String], "text"),
        ("tag", [JsonValueKind.String], "text"),
        ("response_ids", [JsonValueKind.Array], "a list of token ids"),
        ("prompt_ids", [JsonValueKind.Array], "a list of token ids"),
        ("response_tokens", [JsonValueKind.Number], "a number of tokens"),
        ("group_size", [JsonValueKind.Number], "a number of rows"),
    ];

    public static RowProblem? Check(JsonElement row)
    {
        foreach (var (name, kinds, expected) in Rules)
        {
            if (!row.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) continue;
            if (Array.IndexOf(kinds, value.ValueKind) < 0)
            {
                return new RowProblem("wrong_type", $"The column '{name}' holds {Excerpt.Of(value.GetRawText())}; {expected} is expected.");
            }

            if (name.EndsWith("_ids", StringComparison.Ordinal) && !HoldsIds(value))
            {
                return new RowProblem("wrong_type", $"The column '{name}' holds something other than whole numbers from 0 to 2,147,483,647; token ids are expected.");
            }
        }

        return IsNothing(row, "response") && IsNothing(row, "response_ids")
            ? new RowProblem("missing_column", "The row has no column 'response' (text) and no 'response_ids' (token ids); one of them is needed.")
            : null;
    }

    private static bool HoldsIds(JsonElement ids)
    {
        foreach (var id in ids.EnumerateArray())
        {
            if (id.ValueKind != JsonValueKind.Number || !id.TryGetInt32(out var number) || number < 0) return false;
        }

        return true;
    }

    private static bool IsNothing(JsonElement row, string name) => !row.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null;
}
