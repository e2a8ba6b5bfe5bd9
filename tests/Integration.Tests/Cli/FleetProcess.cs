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
    }

    public int Id => _process.Id;

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
        var errors = fleet._process.StandardError.ReadToEndAsync();
        var output = fleet.Output.ReadToEndAsync();
        await fleet._process.WaitForExitAsync().WaitAsync(Patience);
        return (fleet._process.ExitCode, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), await errors);
    }

    /// <summary>Waits until the process says something on standard error, and lets it talk on.</summary>
    public async Task WaitForAsync(string words)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var heard = new List<string>();
        while (await _process.StandardError.ReadLineAsync(deadline.Token) is { } line)
        {
            heard.Add(line);
            if (line.Contains(words, StringComparison.Ordinal))
            {
                _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        Assert.Fail($"The process ended before it said '{words}': {string.Join('\n', heard)}");
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
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
}
