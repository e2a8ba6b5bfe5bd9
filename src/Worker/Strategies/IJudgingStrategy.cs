using Fleet.Rewards;
using Fleet.Worker.Judging;

namespace Fleet.Worker.Strategies;

/// <summary>A strategy whose model can judge: <c>judge_model_type: inference</c>.</summary>
public interface IJudgingStrategy : IModelStrategy
{
    /// <summary>The model as a judge, once the strategy is initialised.</summary>
    /// <param name="settings">The domain's settings: <c>generating_args</c>, <c>infer_batch_size</c>, ...</param>
    IJudgeModel CreateJudge(RewardSettings settings);
}
