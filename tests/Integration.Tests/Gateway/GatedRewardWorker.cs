using Fleet.Rewards;
using Fleet.Worker;
using Fleet.Worker.Runs;
using Fleet.Worker.Scoring;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Integration.Tests.Gateway;

/// <summary>A custom worker whose rows take as long as a test says: it is loaded as a plug-in, so only types of the platform pass between the two.</summary>
public sealed class GatedRewardWorker : RewardWorker
{
    private Func<string, CancellationToken, Task>? _gate;

    public static WorkerOptions Options(string domain, int slots = 2) => new()
    {
        Domains = [domain],
        Slots = slots,
        PlugInFolder = AppContext.BaseDirectory,
        PlugInAllowList = ["Fleet.Integration.Tests.dll"],
    };

    public static Action<IServiceCollection> Gate(Func<string, CancellationToken, Task> gate) => services => services.AddSingleton(gate);

    public override async Task InitializeAsync(WorkerSetup setup, CancellationToken cancellation)
    {
        await base.InitializeAsync(setup, cancellation);
        _gate = (Func<string, CancellationToken, Task>?)setup.Services.GetService(typeof(Func<string, CancellationToken, Task>));
    }

    protected internal override async ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation)
    {
        if (_gate is not null) await _gate(rollout.Response, cancellation);
        return RewardScore.Scored(1, new Reason("gated"));
    }
}
