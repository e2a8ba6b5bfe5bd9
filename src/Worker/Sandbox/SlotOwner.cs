using System.Globalization;

namespace Fleet.Worker.Sandbox;

/// <summary>Which worker process a slot belongs to, so that the slots of a dead one can be told from those of a live one.</summary>
/// <param name="Machine">Host name and boot of the machine, or of the container, that the worker runs on.</param>
/// <param name="Process">The worker's process number there.</param>
/// <param name="Started">When that process started, in clock ticks after boot: process numbers come again.</param>
internal sealed record SlotOwner(string Machine, int Process, string Started)
{
    /// <summary>This process.</summary>
    public static SlotOwner Self { get; } = Create(Environment.ProcessId);

    /// <summary>The owner written in a label, or null when it is none.</summary>
    public static SlotOwner? Parse(string label) =>
        label.Split('|') is [var machine, var process, var started] && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new SlotOwner(machine, number, started)
            : null;

    /// <summary>Whether the owner ran on this machine and is gone. Of other machines nothing is known, so they count as alive.</summary>
    public bool IsDead => Machine == Self.Machine && StartOf(Process) != Started;

    /// <summary>The text of the label.</summary>
    public override string ToString() => $"{Machine}|{Process.ToString(CultureInfo.InvariantCulture)}|{Started}";

    private static SlotOwner Create(int process) => new($"{Environment.MachineName}/{Boot()}", process, StartOf(process));

    private static string Boot()
    {
        const string path = "/proc/sys/kernel/random/boot_id";
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }

    private static string StartOf(int process)
    {
        try
        {
            // Field 22; the second field, a name in parentheses, may hold anything.
            var stat = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (IOException)
        {
            return "";
        }
    }
}
