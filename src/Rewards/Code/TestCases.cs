using System.Text.Json;

namespace Fleet.Rewards.Code;

/// <summary>Reads the column <c>test_cases</c>.</summary>
/// <remarks>
/// The column is a JSON list or the JSON text of one. An item is an object, or for <c>assert</c>, <c>pytest</c> and
/// <c>text</c> just the test code. An object of the lists <c>inputs</c> and <c>outputs</c> stands for their pairs.
/// Fails: null with a reason, for the row's own data is at fault.
/// </remarks>
internal static class TestCases
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    /// <summary>The tests, at least one; null with the reason when there are none or they cannot be read.</summary>
    public static IReadOnlyList<CodeTest>? Read(Rollout rollout, CodeKind kind, out Reason reason)
    {
        reason = new Reason("no_tests", "The row has no test cases.");
        if (rollout.Column("test_cases") is not { } column) return null;
        if (!TryUnwrap(column, out var cases))
        {
            reason = new Reason("bad_tests", "The column test_cases is neither a list nor the JSON text of one.");
            return null;
        }

        var tests = new List<CodeTest>();
        foreach (var item in Items(cases))
        {
            if (Read(item, rollout, kind) is not { } test)
            {
                reason = new Reason("bad_tests", $"Test case {tests.Count} lacks what a test of this case type needs.");
                return null;
            }

            tests.Add(test);
        }

        return tests.Count == 0 ? null : tests;
    }

    private static bool TryUnwrap(JsonElement value, out JsonElement list)
    {
        list = value;
        for (var wrapped = 0; list.ValueKind == JsonValueKind.String && wrapped < 2; wrapped++)
        {
            var text = list.GetString()!;
            if (text.Trim().Length == 0) list = JsonDocument.Parse("[]").RootElement;
            else if (!TryParse(text, out list)) return false;
        }

        return list.ValueKind is JsonValueKind.Array or JsonValueKind.Object;
    }

    private static bool TryParse(string text, out JsonElement value)
    {
        try
        {
            value = JsonDocument.Parse(text, Deep).RootElement;
            return true;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }

    private static IEnumerable<JsonElement> Items(JsonElement cases)
    {
        if (cases.ValueKind == JsonValueKind.Array) return cases.EnumerateArray();
        if (!cases.TryGetProperty("inputs", out var inputs) || !cases.TryGetProperty("outputs", out var outputs)) return [cases];
        if (inputs.ValueKind != JsonValueKind.Array || outputs.ValueKind != JsonValueKind.Array) return [cases];
        return inputs.EnumerateArray().Zip(outputs.EnumerateArray(), Pair);
    }

    private static JsonElement Pair(JsonElement input, JsonElement output) =>
        JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { ["stdin"] = input, ["expected_stdout"] = output });

    private static CodeTest? Read(JsonElement item, Rollout rollout, CodeKind kind)
    {
        var entryPoint = rollout.Text("entry_point") ?? "";
        if (item.ValueKind == JsonValueKind.String && kind is CodeKind.Assert or CodeKind.Pytest or CodeKind.Text)
            return item.ValueKind == JsonValueKind.String ? new CodeTest { Code = item.GetString()!, EntryPoint = entryPoint } : ReadObject(item, entryPoint, kind);
        return ReadObject(item, entryPoint, kind);
    }

    private static CodeTest? ReadObject(JsonElement item, string entryPoint, CodeKind kind)
    {
        if (item.ValueKind != JsonValueKind.Object) return null;
        if (kind is CodeKind.Script or CodeKind.Call)
        {
            var expected = Text(item, "expected_stdout") ?? Text(item, "expected_output") ?? Text(item, "output");
            return expected is null ? null : new CodeTest { Stdin = Text(item, "stdin") ?? Text(item, "input") ?? "", Expected = expected };
        }

        if (Text(item, "assert_code") is not { } code || code.Trim().Length == 0) return null;
        if (Text(item, "entry_point") is { Length: > 0 } own) entryPoint = own;
        if (kind == CodeKind.CheckBased && entryPoint.Length == 0) entryPoint = "candidate";
        return new CodeTest { Code = code, ImportPrefix = Text(item, "import_prefix") ?? "", EntryPoint = entryPoint };
    }

    private static string? Text(JsonElement item, string name)
    {
        if (!item.TryGetProperty(name, out var value)) return null;
        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => value.GetRawText(),
        };
    }
}
