using System.Text.Json.Serialization;

namespace Fleet.Worker.Sandbox;

/// <summary>A request of SandboxFusion's <c>POST /run_code</c>. Further members, such as ROLL's <c>expected_stdout</c>, are ignored.</summary>
/// <remarks>Source: bytedance/SandboxFusion@469de084 sandbox/server/sandbox_api.py.</remarks>
public sealed record RunCodeRequest
{
    /// <summary>The program.</summary>
    [JsonPropertyName("code"), JsonRequired]
    public string Code { get; init; } = "";

    /// <summary>Its language, by any of the names that a code fence may have; also <c>pytest</c>.</summary>
    [JsonPropertyName("language"), JsonRequired]
    public string Language { get; init; } = "";

    /// <summary>Seconds for the compiler. The default is 10.</summary>
    [JsonPropertyName("compile_timeout")]
    public double CompileTimeout { get; init; } = 10;

    /// <summary>Seconds for the program. The default is 10.</summary>
    [JsonPropertyName("run_timeout")]
    public double RunTimeout { get; init; } = 10;

    /// <summary>Megabytes for the program; -1, the default, for as much as the sandbox gives.</summary>
    [JsonPropertyName("memory_limit_MB")]
    public int MemoryLimitMegabytes { get; init; } = -1;

    /// <summary>What it reads; null for nothing.</summary>
    [JsonPropertyName("stdin")]
    public string? Stdin { get; init; }

    /// <summary>Files beside the program: path to base64, null for an entry to be ignored.</summary>
    [JsonPropertyName("files")]
    public IReadOnlyDictionary<string, string?>? Files { get; init; }

    /// <summary>Paths of files to send back.</summary>
    [JsonPropertyName("fetch_files")]
    public IReadOnlyList<string>? FetchFiles { get; init; }
}

/// <summary>The answer to a <see cref="RunCodeRequest"/>.</summary>
public sealed record RunCodeResult
{
    /// <summary>What <see cref="Status"/> is when everything ended with 0.</summary>
    public const string Success = "Success";

    /// <summary>What it is when compiler or program ended otherwise or ran out of time.</summary>
    public const string Failed = "Failed";

    /// <summary>What it is when the sandbox failed.</summary>
    public const string SandboxError = "SandboxError";

    /// <summary><c>Success</c>, <c>Failed</c> or <c>SandboxError</c>.</summary>
    [JsonPropertyName("status")]
    public required string Status { get; init; }

    /// <summary>Why the sandbox failed; empty otherwise.</summary>
    [JsonPropertyName("message")]
    public string Message { get; init; } = "";

    /// <summary>What the compiler did; null for languages without one.</summary>
    [JsonPropertyName("compile_result")]
    public RunCodeStep? CompileResult { get; init; }

    /// <summary>What the program did; null when it did not get to run.</summary>
    [JsonPropertyName("run_result")]
    public RunCodeStep? RunResult { get; init; }

    /// <summary>The slot that ran it.</summary>
    [JsonPropertyName("executor_pod_name")]
    public string? ExecutorPodName { get; init; }

    /// <summary>The files that were asked for and exist: path to base64.</summary>
    [JsonPropertyName("files")]
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();
}

/// <summary>One step of a <see cref="RunCodeResult"/>.</summary>
public sealed record RunCodeStep
{
    /// <summary><c>Finished</c>, <c>TimeLimitExceeded</c> or <c>Error</c>.</summary>
    [JsonPropertyName("status")]
    public required string Status { get; init; }

    /// <summary>Seconds.</summary>
    [JsonPropertyName("execution_time")]
    public double ExecutionTime { get; init; }

    /// <summary>The exit status, negative for a signal; null when time ran out.</summary>
    [JsonPropertyName("return_code")]
    public int? ReturnCode { get; init; }

    /// <summary>Standard output, at most 1 MB; never null, for clients add it to other text.</summary>
    [JsonPropertyName("stdout")]
    public string Stdout { get; init; } = "";

    /// <summary>Standard error likewise.</summary>
    [JsonPropertyName("stderr")]
    public string Stderr { get; init; } = "";
}
