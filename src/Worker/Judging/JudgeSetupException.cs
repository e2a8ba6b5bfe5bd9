using Fleet.Contracts;

namespace Fleet.Worker.Judging;

/// <summary>A judge's settings can never work: told once, when the judge is set up, and never for a row.</summary>
/// <param name="message">Which setting, what it is, and what is expected.</param>
/// <param name="inner">What led here.</param>
public sealed class JudgeSetupException(string message, Exception? inner = null) : FleetException(message, inner: inner);
