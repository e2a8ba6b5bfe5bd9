using Fleet.Contracts.Ranks;
using Fleet.Worker.Runs;

namespace Fleet.Worker.Strategies;

/// <summary>Makes the model strategy that a configuration's <c>strategy_args</c> ask for.</summary>
public interface IStrategyFactory
{
    /// <summary>The strategy, or null when the configuration asks for none.</summary>
    /// <param name="config">The configuration of the run.</param>
    /// <param name="rank">Which part of the model this rank holds: with <c>tp_size</c> or <c>pp_size</c> above 1 several ranks make one model, and each gets every shard of its group.</param>
    IModelStrategy? Create(RunConfig config, RankInfo rank);
}
