using System.Globalization;

namespace Fleet.Worker.Sandbox;

/// <summary>What workers that are gone have left behind.</summary>
internal static class Orphans
{
    /// <summary>What the folders of slots' sockets begin with; the worker's process number follows.</summary>
    public const string FolderPrefix = "fleet-sandbox-";

    /// <summary>Removes containers and folders whose worker ran on this machine and is gone.</summary>
    public static async Task SweepAsync(DockerEngine engine, CancellationToken cancel)
    {
        foreach (var (container, owner) in await engine.SlotsAsync(cancel))
        {
            if (owner is { IsDead: true }) await engine.RemoveAsync(container, cancel);
        }

        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), FolderPrefix + "*"))
        {
            var number = Path.GetFileName(folder)[FolderPrefix.Length..].Split('-')[0];
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var process) || Directory.Exists($"/proc/{number}") || process == Environment.ProcessId) continue;
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another user's, or another worker was quicker.
            }
        }
    }
}
