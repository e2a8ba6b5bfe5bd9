using Microsoft.Extensions.DependencyInjection;
#if LOCAL_MODELS
using Fleet.Worker.Models.Strategies;
using Fleet.Worker.Strategies;
#endif

namespace Fleet.Cli;

/// <summary>Local models, in builds that have them (<c>LocalModels=true</c>).</summary>
internal static class LocalModels
{
    /// <summary>Adds what makes models out of <c>strategy_args</c>; without local models a worker that needs one says so.</summary>
    public static IServiceCollection AddLocalModels(this IServiceCollection services)
    {
#if LOCAL_MODELS
        services.AddSingleton<IStrategyFactory, LocalStrategyFactory>();
#endif
        return services;
    }
}
