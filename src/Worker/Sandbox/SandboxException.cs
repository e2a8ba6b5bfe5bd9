using Fleet.Contracts;

namespace Fleet.Worker.Sandbox;

/// <summary>The sandbox or its engine could not do what was asked: never the fault of a program that ran in it.</summary>
/// <param name="message">What was found and where, in one sentence.</param>
/// <param name="remedy">What to do about it, in one sentence; empty when there is nothing to do but try again.</param>
/// <param name="isTransient">Whether trying again may help.</param>
/// <param name="cause">What led here.</param>
public sealed class SandboxException(string message, string remedy, bool isTransient, Exception? cause = null)
    : FleetException(remedy.Length == 0 ? message : $"{message} {remedy}", isTransient, cause)
{
    /// <summary>What to do about it; may be empty.</summary>
    public string Remedy { get; } = remedy;
}
