using Fleet.Worker.Runs;

namespace Fleet.Worker.Strategies;

/// <summary>Makes the model strategy that a configuration's <c>strategy_args</c> ask for.</summary>
public interface IStrategyFactory
{
    /// <summary>The strategy, or null when the configuration asks for none.</summary>
    IModelStrategy? Create(RunConfig config);
}
