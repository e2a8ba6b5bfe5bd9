using System.Diagnostics;
using System.Globalization;
using Fleet.Worker.Sandbox;

namespace Fleet.Integration.Tests.Sandbox;

/// <summary>What a machine has at one moment of what a sandbox might leave behind.</summary>
internal sealed record Footprint(int Containers, long FreeBytes, long AvailableMemory)
{
    public static Footprint Take()
    {
        // Slots remove themselves in the background, and other tests of this process have some for a while.
        for (var tries = 0; tries < 300 && Slots() > 0; tries++) Count("sleep", "0.2");
        return new Footprint(
            Slots(),
            new DriveInfo("/").AvailableFreeSpace,
            Memory());
    }

    /// <summary>What has grown since, in words; null when nothing has.</summary>
    public string? WhatIsMoreThan(Footprint before)
    {
        const long slack = 512L << 20;
        if (Containers > before.Containers) return $"{Containers - before.Containers} containers are left";
        if (FreeBytes < before.FreeBytes - slack) return $"{(before.FreeBytes - FreeBytes) >> 20} MB of disk are gone";
        return AvailableMemory < before.AvailableMemory - 4 * slack ? $"{(before.AvailableMemory - AvailableMemory) >> 20} MB of memory are gone" : null;
    }

    // Of this process; of other workers on the machine there may be more or fewer meanwhile. Processes of a slot cannot outlive it.
    private static int Slots() => Count("docker", "ps", "-aq", "--filter", $"label=fleet.sandbox.owner={SlotOwner.Self}");

    private static long Memory()
    {
        var line = File.ReadLines("/proc/meminfo").First(line => line.StartsWith("MemAvailable", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }

    private static int Count(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        process.WaitForExit();
        return lines;
    }
}
