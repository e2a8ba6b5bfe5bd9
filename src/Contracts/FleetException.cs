namespace Fleet.Contracts;

/// <summary>The base of every exception of Fleet: one sentence that tells what was found, where, what was expected and what to do.</summary>
/// <param name="message">The sentence.</param>
/// <param name="isTransient">Whether the same call may succeed later.</param>
/// <param name="inner">What caused it.</param>
public class FleetException(string message, bool isTransient = false, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether trying the same call again can help: a broker that is away may return, a wrong shape stays wrong.</summary>
    public bool IsTransient { get; } = isTransient;
}
