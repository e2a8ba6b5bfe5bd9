using System.Globalization;

namespace Fleet.Chaos.Tests.Harness;

/// <summary>The configuration of the processes of one test, as a file.</summary>
internal static class ChaosConfig
{
    /// <summary>The domain of the slow custom worker.</summary>
    public const string Paced = "paced";

    public const string Choice = "multiple_choice_boxed";

    public const string Math = "math_rule";

    /// <summary>The domains that the rows of most faults are of.</summary>
    public const string Domains = $"{Paced},{Choice},{Math}";

    /// <summary>Writes a configuration and gives its path.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="delayMs">What a row of the slow worker takes.</param>
    /// <param name="partRows">The most rows of a part.</param>
    /// <param name="slots">Parts that a worker works on at once; null for its own number.</param>
    /// <param name="more">Further lines of the file.</param>
    /// <param name="domains">Further lines of its rewards: block.</param>
    /// <param name="notes">A folder in which the slow worker notes the ids of the rows that it scored, in a file a process; null for none.</param>
    public static string Write(string folder, double delayMs, int partRows = 256, int? slots = 2, string more = "", string domains = "", string? notes = null)
    {
        var path = Path.Combine(folder, $"config-{Guid.NewGuid().ToString("N")[..6]}.yaml");
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $$"""
            rewards:
              {{Paced}}:
                worker_cls: {{nameof(ChaosRewardWorker)}}
                tag_included: []
                delay_ms: {{delayMs}}
            {{(notes is null ? "" : $"    notes: {notes}")}}
              {{Choice}}:
                tag_included: []
              {{Math}}:
                tag_included: []
            {{domains}}
            {{(slots is null ? "" : $"slots: {slots}")}}
            plugins:
              folder: {{AppContext.BaseDirectory}}
              allow: [Fleet.Chaos.Tests.dll]
            {{more}}
            """) + (more.Contains("limits:", StringComparison.Ordinal) ? "" : $"\nlimits:\n  max_part_rows: {partRows}\n"));
        return path;
    }
}
