using System.Diagnostics;
using Fleet.Contracts;

namespace Fleet.Cli;

/// <summary>Brings what a machine lacks for the domains that run programs: the container engine and the sandbox image.</summary>
/// <remarks>The work is done by the scripts in compose/images, which say what they do and do nothing where nothing is missing.</remarks>
internal static class Setup
{
    /// <summary>Runs the scripts.</summary>
    /// <exception cref="FleetException">A script is missing or failed; its own words are on standard error.</exception>
    public static async Task RunAsync(CancellationToken cancellation)
    {
        var folder = FindScripts();
        await RunScriptAsync(Path.Combine(folder, "engine"), [], cancellation);
        await RunScriptAsync(Path.Combine(folder, "make"), ["sandbox"], cancellation);
    }

    private static string FindScripts()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var scripts = Path.Combine(folder.FullName, "compose", "images");
            if (File.Exists(Path.Combine(scripts, "engine"))) return scripts;
        }

        throw new FleetException($"The set-up scripts (compose/images) are not beside this build at {AppContext.BaseDirectory}; run fleet from its repository, or install the engine and the sandbox image by hand.");
    }

    private static async Task RunScriptAsync(string script, string[] arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true };
        start.ArgumentList.Add(script);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new FleetException("bash could not be started; the set-up scripts need it.");
        // Standard output is for results.
        var copying = process.StandardOutput.BaseStream.CopyToAsync(Console.OpenStandardError(), cancellation);
        await process.WaitForExitAsync(cancellation);
        await copying;
        if (process.ExitCode != 0)
        {
            throw new FleetException($"The set-up step {Path.GetFileName(script)} failed with exit code {process.ExitCode}; what it said is above.", isTransient: true);
        }
    }
}
