using System.Diagnostics;

namespace Fleet.Integration.Tests.Cli;

/// <summary>The real command as a process of its own.</summary>
internal sealed class FleetProcess : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    /// <summary>Built beside this assembly in the same configuration.</summary>
    private static readonly string Program = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "fleet.dll"));

    private readonly Process _process;
    private readonly List<string> _said = [];
    private readonly Task _hearing;
    private TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FleetProcess(string program, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment.Remove("FLEET_BROKER");
        start.Environment["FLEET_LOG"] = "information";
        _process = Process.Start(start)!;
        _hearing = HearAsync();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What the process said on standard error so far.</summary>
    public IReadOnlyList<string> Said
    {
        get
        {
            lock (_said) return [.. _said];
        }
    }

    public StreamWriter Input => _process.StandardInput;

    public StreamReader Output => _process.StandardOutput;

    public static FleetProcess Start(params string[] arguments) => new(Program, arguments);

    /// <summary>Runs a command to its end.</summary>
    public static Task<(int ExitCode, string[] Output, string Errors)> RunAsync(params string[] arguments) => RunAsync(Start(arguments));

    /// <summary>Runs another program that was built beside the command.</summary>
    public static Task<(int ExitCode, string[] Output, string Errors)> RunBesideAsync(string name) =>
        RunAsync(new FleetProcess(Program.Replace(Path.Combine("Cli", Path.GetFileName(Path.GetDirectoryName(Program)!), "fleet.dll"), Path.Combine(name, Path.GetFileName(Path.GetDirectoryName(Program)!), name + ".dll"), StringComparison.Ordinal), []));

    private static async Task<(int ExitCode, string[] Output, string Errors)> RunAsync(FleetProcess started)
    {
        await using var fleet = started;
        fleet.Input.Close();
        var output = fleet.Output.ReadToEndAsync();
        await fleet._process.WaitForExitAsync().WaitAsync(Patience);
        await fleet._hearing.WaitAsync(Patience);
        return (fleet._process.ExitCode, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), string.Concat(fleet.Said.Select(line => line + "\n")));
    }

    /// <summary>Waits until the process has said something on standard error, so many times since it started.</summary>
    public async Task WaitForAsync(string words, int times = 1)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            var heard = Volatile.Read(ref _heard).Task;
            if (Said.Count(line => line.Contains(words, StringComparison.Ordinal)) >= times) return;
            if (_hearing.IsCompleted || deadline.IsCancellationRequested) Assert.Fail($"The process {(_hearing.IsCompleted ? "ended" : "went on")} and did not say '{words}' {times} times: {string.Join('\n', Said)}");
            await Task.WhenAny(heard, _hearing, Task.Delay(Timeout.Infinite, deadline.Token));
        }
    }

    public async Task<int> ExitAsync(TimeSpan? patience = null)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(patience ?? Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The process went on, and said: {string.Join('\n', Said)}");
        }

        return _process.ExitCode;
    }

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task HearAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_said) _said.Add(line);
            Interlocked.Exchange(ref _heard, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }
}
