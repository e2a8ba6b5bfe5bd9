using System.Text.Json;

namespace Fleet.Rewards.Code;

/// <summary>What one test may use.</summary>
/// <param name="TimeSeconds">Seconds that a test may take.</param>
/// <param name="MemoryMegabytes">Megabytes (2^20 bytes) that its program may take.</param>
/// <param name="CompileSeconds">Seconds that compiling may take.</param>
public readonly record struct CodeLimits(double TimeSeconds, int MemoryMegabytes, double CompileSeconds);

/// <summary>How the tests of a row make its score.</summary>
public enum CodeScoring
{
    /// <summary>1 when all tests pass, else 0. The default.</summary>
    All,

    /// <summary>The share of tests that pass.</summary>
    Ratio,

    /// <summary>1 when the share of tests that pass reaches <c>pass_threshold</c>, else 0.</summary>
    Threshold,
}

/// <summary>The settings of the code domain as they hold for one row.</summary>
/// <remarks>
/// <c>limits</c> ({time_s, memory_mb}) may stand in the domain and in the row; a row's may not exceed
/// <c>max_time_s</c> and <c>max_memory_mb</c> of the domain and is cut down to them.
/// </remarks>
public sealed record CodeSettings(CodeLimits Limits, CodeScoring Scoring, double PassThreshold, bool Flaky)
{
    /// <summary>Seconds a test may take unless told otherwise.</summary>
    public const double DefaultTimeSeconds = 10;

    /// <summary>Megabytes a test may take unless told otherwise.</summary>
    public const int DefaultMemoryMegabytes = 512;

    /// <summary>Seconds a row may ask for, unless the domain says otherwise.</summary>
    public const double DefaultMaxTimeSeconds = 60;

    /// <summary>Megabytes a row may ask for, unless the domain says otherwise.</summary>
    public const int DefaultMaxMemoryMegabytes = 1024;

    /// <summary>Seconds a compiler may take unless told otherwise.</summary>
    public const double DefaultCompileSeconds = 30;

    /// <summary>The settings for a row: its own where it has them, else the domain's, else the defaults.</summary>
    public static CodeSettings For(Rollout rollout, RewardSettings settings)
    {
        var maxTime = settings.Number("max_time_s") ?? DefaultMaxTimeSeconds;
        var maxMemory = settings.Number("max_memory_mb") ?? DefaultMaxMemoryMegabytes;
        var time = Limit(rollout.Column("limits"), "time_s") ?? Limit(settings.Value("limits"), "time_s") ?? DefaultTimeSeconds;
        var memory = Limit(rollout.Column("limits"), "memory_mb") ?? Limit(settings.Value("limits"), "memory_mb") ?? DefaultMemoryMegabytes;
        var compile = settings.Number("compile_time_s") ?? DefaultCompileSeconds;
        var limits = new CodeLimits(Min(time, maxTime), (int)Max(16, Min(memory, maxMemory)), compile);

        var scoring = (settings.Text(rollout, "code_score") ?? "all") switch
        {
            "ratio" => CodeScoring.Ratio,
            "threshold" => CodeScoring.Threshold,
            _ => CodeScoring.All,
        };
        var threshold = Clamp(settings.Number(rollout, "pass_threshold") ?? 1, 0, 1);
        var flaky = rollout.Column("flaky")?.ValueKind == JsonValueKind.True || settings.Flag("flaky") == true;
        return new CodeSettings(limits, scoring, threshold, flaky);
    }

    private static double? Limit(JsonElement? limits, string name) =>
        limits is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and var number ? number : null;
}
