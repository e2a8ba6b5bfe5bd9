using System.Text.Json;

namespace Fleet.Conformance.Tests;

/// <summary>Labelled cases that are not part of the project: read from <c>FLEET_CONFORMANCE</c>, else from <c>../shared/conformance</c>.</summary>
internal static class LabelledCases
{
    private const string Variable = "FLEET_CONFORMANCE";

    /// <summary>The cases of one file such as <c>math/hedges.jsonl</c>, one JSON object each; skips the running test when the file is missing.</summary>
    public static IEnumerable<JsonElement> Read(string file)
    {
        var path = Path.Combine(Folder(), file);
        if (!File.Exists(path)) Assert.Skip($"No labelled cases at {path}; set {Variable} to the folder that holds them.");

        return File.ReadLines(path)
            .Where(line => line.Length > 0)
            .Select(line => JsonDocument.Parse(line).RootElement);
    }

    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set) return set;

        // The root of the checkout is the folder that holds the solution.
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Fleet.sln"))) root = root.Parent;
        return Path.Combine(root?.FullName ?? ".", "..", "shared", "conformance");
    }
}
