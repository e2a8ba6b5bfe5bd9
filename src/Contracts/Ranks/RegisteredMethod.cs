using System.Text;

namespace Fleet.Contracts.Ranks;

/// <summary>What a worker tells of one of its registered methods.</summary>
/// <param name="Name">Name on the wire, in snake_case.</param>
/// <param name="Mode">How arguments and results travel.</param>
/// <param name="GroupLevel">Whether the rows of one group must reach the method together.</param>
public sealed record RegisteredMethod(string Name, DispatchMode Mode, bool GroupLevel = false)
{
    /// <summary>The method that scores rows.</summary>
    public const string ComputeRewards = "compute_rewards";

    /// <summary>The method that runs programs as a SandboxFusion server does.</summary>
    public const string RunCode = "run_code";

    /// <summary>The wire name of a method: <c>LoadStatesAsync</c> is <c>load_states</c>.</summary>
    public static string WireName(string methodName)
    {
        var name = methodName.EndsWith("Async", StringComparison.Ordinal) ? methodName[..^"Async".Length] : methodName;
        var wire = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && wire.Length > 0) wire.Append('_');
            wire.Append(char.ToLowerInvariant(c));
        }

        return wire.ToString();
    }
}
