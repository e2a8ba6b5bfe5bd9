using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Rewards;
using Fleet.Worker.Sandbox;

namespace Fleet.Conformance.Tests;

/// <summary>Labelled code cases as rows, and what is wrong with an outcome.</summary>
internal static class CodeCases
{
    private static readonly Dictionary<string, string> Columns = new()
    {
        ["case_type"] = "case_type",
        ["test_cases"] = "test_cases",
        ["func_name"] = "test_case_function",
        ["entry_point"] = "entry_point",
        ["language"] = "language",
        ["limits"] = "limits",
        ["group"] = "sandbox_group",
    };

    public static Rollout Rollout(JsonElement one) => new()
    {
        Response = one.GetProperty("response").GetString()!,
        Columns = one.EnumerateObject().Where(member => Columns.ContainsKey(member.Name)).ToDictionary(member => Columns[member.Name], member => member.Name == "limits" ? Limits(member.Value) : member.Value),
    };

    // What never ends takes all the time it gets; half of it is enough for what does, except in the long run.
    private static JsonElement Limits(JsonElement limits)
    {
        if (Environment.GetEnvironmentVariable("FLEET_LONG") == "1") return limits;
        var shorter = JsonObject.Create(limits)!;
        shorter["time_s"] = Math.Min(limits.GetProperty("time_s").GetDouble(), 5);
        return JsonSerializer.SerializeToElement(shorter);
    }

    /// <summary>A sample that any slot in working order scores 1.</summary>
    public static Rollout Honest() => Honest(1);

    public static Rollout Honest(int number) => new()
    {
        Response = $"```python\nprint(int(input()) + {number})\n```",
        Columns = new Dictionary<string, JsonElement>
        {
            ["test_cases"] = JsonSerializer.SerializeToElement(new[] { new { stdin = "41\n", expected_stdout = $"{41 + number}\n" } }),
            ["flaky"] = JsonSerializer.SerializeToElement(true),
        },
    };

    /// <summary>What is wrong with an outcome; null when it is what the label says.</summary>
    public static string? Fault(JsonElement one, CodeOutcome outcome)
    {
        var expected = one.GetProperty("expected").GetBoolean();
        if (outcome.Score?.Score is { } score && score >= 0.5 == expected) return null;
        return $"{one.GetProperty("id")} ({one.GetProperty("case_type")}) should be {expected}: {outcome.Score?.Score} {outcome.Score?.Reason} {outcome.Failure?.Message}";
    }
}
