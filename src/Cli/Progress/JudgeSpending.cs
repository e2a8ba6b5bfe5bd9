using System.Text.Json;

namespace Fleet.Cli.Progress;

/// <summary>What judges were asked for rows: requests, tokens, and their price.</summary>
/// <param name="Requests">Requests sent, repetitions included.</param>
/// <param name="PromptTokens">Tokens of the prompts.</param>
/// <param name="AnswerTokens">Tokens of the answers.</param>
/// <param name="Cost">In the currency of the configured prices.</param>
internal readonly record struct JudgeSpending(long Requests, long PromptTokens, long AnswerTokens, double Cost)
{
    private const string Usage = "usage";

    public static JudgeSpending operator +(JudgeSpending left, JudgeSpending right) =>
        new(left.Requests + right.Requests, left.PromptTokens + right.PromptTokens, left.AnswerTokens + right.AnswerTokens, left.Cost + right.Cost);

    /// <summary>What the detail of a row says; nothing for a row that no judge was asked about.</summary>
    public static JudgeSpending Of(string? detail)
    {
        if (detail is null || !detail.Contains("\"usage\"", StringComparison.Ordinal)) return default;
        try
        {
            using var document = JsonDocument.Parse(detail);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(Usage, out var usage) && usage.ValueKind == JsonValueKind.Object
                ? new((long)Number(usage, "requests"), (long)Number(usage, "prompt_tokens"), (long)Number(usage, "completion_tokens"), Number(usage, "cost"))
                : default;
        }
        catch (JsonException)
        {
            // A custom worker's own text.
            return default;
        }
    }

    private static double Number(JsonElement usage, string name) => usage.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;
}
