namespace Fleet.Rewards;

/// <summary>A pure rule that scores a rollout.</summary>
/// <remarks>
/// An implementation is immutable and may be called from any number of threads at once. It reads no clock, file or
/// network, never throws on anything a row can contain, and spends its work from <see cref="ScoringContext.Budget"/>.
/// </remarks>
public interface IReward
{
    /// <summary>Scores one rollout.</summary>
    RewardScore Score(Rollout rollout, ScoringContext context);
}
