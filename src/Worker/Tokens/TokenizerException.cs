using Fleet.Contracts;

namespace Fleet.Worker.Tokens;

/// <summary>A tokenizer that cannot be loaded, or ids and texts that it cannot turn into each other. Never transient.</summary>
/// <param name="message">What was found, where, what was expected and what to do.</param>
/// <param name="inner">What caused it.</param>
public sealed class TokenizerException(string message, Exception? inner = null) : FleetException(message, inner: inner);
