namespace Fleet.Contracts.Messages;

/// <summary>Which of the parts that wait goes first.</summary>
public enum Lane
{
    /// <summary>The default.</summary>
    Training,

    /// <summary>Before everything of the training lane that was not started: an evaluation does not wait for a training step, nor a part that comes again for the rest of its call.</summary>
    Evaluation,
}
