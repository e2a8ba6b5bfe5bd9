using Fleet.Contracts.Messages;

namespace Fleet.Messaging.DeadLetters;

/// <summary>A message that no worker could do.</summary>
/// <param name="Domain">The domain that it was for.</param>
/// <param name="Reason">Why it ended here: one sentence.</param>
/// <param name="At">When it was given up; null when nobody noted it.</param>
/// <param name="Command">What was asked; null when the message cannot be read as a command.</param>
/// <param name="Body">The message as it came.</param>
public sealed record DeadLetter(string Domain, string Reason, DateTimeOffset? At, WorkerCommand? Command, ReadOnlyMemory<byte> Body);
