namespace Fleet.Worker.Models;

/// <summary>A local model cannot be loaded or used as it was asked to: told when it is set up, with what to do about it.</summary>
public sealed class ModelException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ModelException(string message) : base(message) { }

    /// <summary>Creates the exception with its cause.</summary>
    public ModelException(string message, Exception cause) : base(message, cause) { }
}
