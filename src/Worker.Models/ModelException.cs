using Fleet.Contracts;

namespace Fleet.Worker.Models;

/// <summary>A local model cannot be loaded or used as it was asked to: told when it is set up, with what to do about it.</summary>
/// <param name="message">What was found, where, and what to do.</param>
/// <param name="inner">What caused it.</param>
public sealed class ModelException(string message, Exception? inner = null) : FleetException(message, inner: inner);
