using System.Diagnostics;
using System.Text.Json;
using Fleet.Integration.Tests.Cli;
using Fleet.Worker.Sandbox;

namespace Fleet.Integration.Tests.Sandbox;

/// <summary>A worker killed with -9 in the middle of its work: after the next worker's start nothing of it is left.</summary>
public sealed class KilledWorkerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("socket")]
    [InlineData("attach")]
    public async Task No_container_of_a_killed_worker_is_left_after_the_next_start(string transport)
    {
        var cancel = TestContext.Current.CancellationToken;
        var rows = Path.Combine(_folder, "rows.jsonl");
        var row = JsonSerializer.Serialize(new { id = "a", domain = "code_sandbox", response = "```python\nimport time; time.sleep(50)\n```", limits = new { time_s = 60 }, test_cases = new[] { new { stdin = "", expected_stdout = "x" } } });
        await File.WriteAllTextAsync(rows, row, cancel);
        var config = Path.Combine(_folder, "fleet.yaml");
        await File.WriteAllTextAsync(config, $"sandbox:\n  transport: {transport}\n", cancel);

        int killed;
        await using (var worker = FleetProcess.Start("score", rows, "--config", config))
        {
            killed = worker.Id;
            await WaitAsync(async () => (await SlotsOfAsync(killed)).Count > 0, "the worker started no slot");
            worker.Kill();
            await worker.ExitAsync();
        }

        await using var next = new DockerSandbox(new SandboxOptions { Slots = 1 }, TimeProvider.System);
        await next.SweepAsync(cancel);
        // The engine may still be taking away what process 1 of the slot has left by itself.
        await WaitAsync(async () => (await SlotsOfAsync(killed)).Count == 0, "containers of the killed worker are left");
        Assert.Empty(Directory.EnumerateDirectories(Path.GetTempPath(), $"{Orphans.FolderPrefix}{killed}-*"));
    }

    private static async Task WaitAsync(Func<Task<bool>> holds, string otherwise)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(started) > FleetProcess.Patience) Assert.Fail(otherwise);
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<IReadOnlyList<string>> SlotsOfAsync(int process)
    {
        using var docker = Process.Start(new ProcessStartInfo("docker", ["ps", "-a", "--filter", "label=fleet.sandbox", "--format", "{{.Label \"fleet.sandbox.owner\"}}"]) { RedirectStandardOutput = true })!;
        var owners = await docker.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await docker.WaitForExitAsync(TestContext.Current.CancellationToken);
        return [.. owners.Split('\n').Where(owner => SlotOwner.Parse(owner)?.Process == process)];
    }
}
