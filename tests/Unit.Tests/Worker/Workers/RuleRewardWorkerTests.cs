using Fleet.Contracts.Ranks;
using Fleet.Worker.Runs;
using Fleet.Worker.Tokens;
using Fleet.Worker.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Unit.Tests.Worker.Workers;

public sealed class RuleRewardWorkerTests
{
    [Fact]
    public async Task A_rule_has_no_model_whatever_strategy_args_say()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var worker = new RuleRewardWorker("multiple_choice_boxed");

        await worker.InitializeAsync(
            new WorkerSetup
            {
                Config = RunConfig.Parse("""{"strategy_args": {"strategy_name": "hf_infer"}}"""),
                Environment = WorkerEnvironment.None,
                Tokenizers = new TokenizerShelf(),
                Log = NullLogger.Instance,
                Services = services,
                CreateStrategy = _ => throw new InvalidOperationException("asked for a model"),
            },
            CancellationToken.None);

        await worker.LoadStatesAsync(CancellationToken.None);
        await worker.OffloadStatesAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_worker_knows_its_place_from_the_start()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var worker = new RuleRewardWorker("multiple_choice_boxed");
        var place = RankInfo.Grouped(5, 8, new GroupShape(2, 2));

        await worker.InitializeAsync(
            new WorkerSetup { Config = RunConfig.Empty, Environment = WorkerEnvironment.None, RankInfo = place, Tokenizers = new TokenizerShelf(), Log = NullLogger.Instance, Services = services },
            CancellationToken.None);

        Assert.Equal(place, worker.RankInfo);
        Assert.Equal((1, 2, 1, 0, 8), (place.DpRank, place.DpSize, place.TpRank, place.PpRank, place.WorldSize));
    }
}
