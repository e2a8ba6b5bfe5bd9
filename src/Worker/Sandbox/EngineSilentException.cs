namespace Fleet.Worker.Sandbox;

/// <summary>The container engine does not answer: it may be starting, stopped, or not installed.</summary>
internal sealed class EngineSilentException(string message, Exception cause) : Exception(message, cause)
{
    private const string Remedy = "Start or install it with compose/images/engine, or start once with --setup; a user other than root must be in the group docker.";

    /// <summary>The exception that a row's failure is reported with.</summary>
    public SandboxException ToSandboxException() => new(Message, Remedy, isTransient: true, this);
}
