using System.Globalization;
using System.Text;

namespace Fleet.Chaos.Tests.Harness;

/// <summary>The figures of a run, printed and written as a Markdown table when it ends: to <c>artifacts/chaos.md</c>, <c>soak.md</c> or, of the short cut, <c>chaos-short.md</c>.</summary>
public sealed class ChaosReport : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly List<(string Fault, string What, string Figure)> Lines = [];

    /// <summary>The build's folder of artifacts, of which this assembly is a part.</summary>
    internal static string Folder { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."));

    internal static void Add(string fault, string what, string figure)
    {
        lock (Gate) Lines.Add((fault, what, figure));
        Console.WriteLine($"chaos: {fault}: {what}: {figure}");
    }

    internal static void Add(string fault, string what, double figure, string unit) =>
        Add(fault, what, string.Create(CultureInfo.InvariantCulture, $"{figure:0.###} {unit}"));

    public void Dispose()
    {
        if (Lines.Count == 0) return;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# {(Length.IsSoak ? "Soak" : Length.IsFull ? "Chaos, full length" : "Chaos, short cut")}, seed {Length.Seed}, {Environment.ProcessorCount} processors, {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC");
        text.AppendLine().AppendLine("| fault | what | figure |").AppendLine("|---|---|---|");
        foreach (var (fault, what, figure) in Lines) text.AppendLine(CultureInfo.InvariantCulture, $"| {fault} | {what} | {figure} |");
        var path = Path.Combine(Folder, Length.IsSoak ? "soak.md" : Length.IsFull ? "chaos.md" : "chaos-short.md");
        File.WriteAllText(path, text.ToString());
        Console.WriteLine($"chaos: the figures are in {path}");
    }
}
