namespace Fleet.Rewards.Judge;

/// <summary>One message of a chat with a judge.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">The text.</param>
public sealed record JudgeMessage(string Role, string Content);
