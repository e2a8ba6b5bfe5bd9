using System.Text;
using Fleet.Rewards.Code;

namespace Fleet.Worker.Sandbox;

/// <summary>One request of the SandboxFusion kind on one slot.</summary>
/// <remarks>
/// Status: any step in error is <c>SandboxError</c>, else any step out of time or with a status other than 0 is
/// <c>Failed</c>, else <c>Success</c>. What a program prints is not judged.
/// Source: bytedance/SandboxFusion@469de084 sandbox/server/sandbox_api.py parse_run_status.
/// </remarks>
internal static class RunCodeExecution
{
    private const int ShownBytes = 1 << 20;

    /// <summary>Whether requests in this language are served.</summary>
    public static bool Serves(string language) => NameOf(language) is not null;

    public static async Task<RunCodeResult> RunAsync(RunCodeRequest request, Func<SlotRun, Task<SlotReply>> run, string slot, SandboxOptions options)
    {
        if (NameOf(request.Language) is not { } language) return Refused($"The sandbox does not run {request.Language}.");
        if (Files(request) is not { } files) return Refused("A file is not in base64, or its path leads out of the working folder.");

        RunCodeStep? compiling = null;
        if (language is "cpp" or "java")
        {
            var compiled = await run(PlanRuns.Compile(language, request.Code, request.CompileTimeout, options) with { Files = files });
            compiling = Step(compiled);
            if (compiled.Status != 0 || compiled.Limit.Length > 0) return Result(compiling, null, slot, []);
            files = [.. files, .. compiled.Files];
        }

        var memory = request.MemoryLimitMegabytes is > 0 and var asked && asked < options.MaxMemoryMegabytes ? asked : options.MaxMemoryMegabytes;
        var reply = await run(new SlotRun
        {
            Kind = "script",
            Language = language,
            Program = compiling is null ? Encoding.UTF8.GetBytes(request.Code) : [],
            Files = files,
            Fetch = request.FetchFiles ?? [],
            Seconds = request.RunTimeout,
            Memory = (long)memory << 20,
            OutputBytes = options.OutputBytes,
            Stdin = Encoding.UTF8.GetBytes(request.Stdin ?? ""),
        });
        return Result(compiling, Step(reply), slot, reply.Files);
    }

    private static RunCodeResult Refused(string message) => new() { Status = RunCodeResult.SandboxError, Message = message };

    private static RunCodeResult Result(RunCodeStep? compiling, RunCodeStep? running, string slot, IReadOnlyList<SlotFile> files) => new()
    {
        Status = (compiling ?? running)!.ReturnCode == 0 && running?.ReturnCode == 0 ? RunCodeResult.Success : RunCodeResult.Failed,
        CompileResult = compiling,
        RunResult = running,
        ExecutorPodName = slot,
        Files = files.ToDictionary(file => file.Path, file => Convert.ToBase64String(file.Content), StringComparer.Ordinal),
    };

    private static RunCodeStep Step(SlotReply reply) => new()
    {
        Status = reply.Limit == "time" ? "TimeLimitExceeded" : "Finished",
        ExecutionTime = reply.Seconds,
        ReturnCode = reply.Limit == "time" ? null : reply.Limit == "output" ? -9 : reply.Status,
        Stdout = SlotReply.Text(reply.Stdout.Length > ShownBytes ? reply.Stdout[..ShownBytes] : reply.Stdout),
        Stderr = SlotReply.Text(reply.Stderr.Length > ShownBytes ? reply.Stderr[..ShownBytes] : reply.Stderr),
    };

    private static string? NameOf(string language) => language == "pytest" ? "pytest" : CodeLanguages.Find(language)?.Name();

    private static List<SlotFile>? Files(RunCodeRequest request)
    {
        var files = new List<SlotFile>();
        foreach (var (path, content) in request.Files ?? new Dictionary<string, string?>())
        {
            if (content is null) continue;
            var bytes = new byte[content.Length / 4 * 3 + 3];
            if (Path.IsPathRooted(path) || path.Split('/').Contains("..") || !Convert.TryFromBase64String(content, bytes, out var length)) return null;
            files.Add(new SlotFile(path, bytes[..length]));
        }

        return files;
    }
}
