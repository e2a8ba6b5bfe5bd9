using Fleet.Contracts;
using Fleet.Contracts.Messages;
using Fleet.Worker;
using Fleet.Worker.Runs;
using Fleet.Worker.Scoring;
using Fleet.Worker.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Unit.Tests.Worker.Runs;

public sealed class RunRegistryTests
{
    private const string Domain = "multiple_choice_boxed";

    private int _requests;

    [Fact]
    public async Task Who_asks_before_the_run_is_told_waits_and_asks_for_it_once()
    {
        await using var runs = Registry();
        var first = GetAsync(runs, "r", "h");
        var second = GetAsync(runs, "r", "h");

        Assert.Null(await runs.InitializeAsync(Run("r", "h"), 0, CancellationToken.None));

        Assert.Same(await first, await second);
        Assert.Equal(1, _requests);
        Assert.Single(runs.Ready());
    }

    [Fact]
    public async Task The_same_run_again_keeps_its_worker_and_another_run_has_its_own()
    {
        await using var runs = Registry();
        await runs.InitializeAsync(Run("r", "h"), 0, CancellationToken.None);
        var worker = await GetAsync(runs, "r", "h");

        await runs.InitializeAsync(Run("r", "h"), 0, CancellationToken.None);
        await runs.InitializeAsync(Run("r", "other"), 0, CancellationToken.None);

        Assert.Same(worker, await GetAsync(runs, "r", "h"));
        Assert.NotSame(worker, await GetAsync(runs, "r", "other"));
    }

    [Fact]
    public async Task A_configuration_that_cannot_work_is_the_answer_to_all_who_ask()
    {
        await using var runs = Registry();
        var waiting = GetAsync(runs, "r", "h");

        var error = await runs.InitializeAsync(Run("r", "h", """{"worker_cls": "a.b.NoSuchWorker"}"""), 0, CancellationToken.None);

        Assert.Contains("NoSuchWorker", error, StringComparison.Ordinal);
        Assert.Equal(error, (await Assert.ThrowsAsync<FleetException>(() => waiting)).Message);
        Assert.Contains("no JSON object", await runs.InitializeAsync(Run("r2", "h", "[]"), 0, CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_nobody_tells_of_can_be_tried_again_and_is_asked_for_again()
    {
        await using var runs = Registry(new WorkerOptions { InitializeTimeout = TimeSpan.FromMilliseconds(50) });

        for (var time = 1; time <= 2; time++)
        {
            var late = await Assert.ThrowsAsync<FleetException>(() => GetAsync(runs, "r", "h"));
            Assert.True(late.IsTransient);
            Assert.Equal(time, _requests);
        }
    }

    [Fact]
    public async Task The_run_used_least_recently_is_forgotten_first()
    {
        await using var runs = Registry(new WorkerOptions { MaxRuns = 2, InitializeTimeout = TimeSpan.FromMilliseconds(50) });
        await runs.InitializeAsync(Run("a", "h"), 0, CancellationToken.None);
        await runs.InitializeAsync(Run("b", "h"), 0, CancellationToken.None);
        await GetAsync(runs, "a", "h");
        await runs.InitializeAsync(Run("c", "h"), 0, CancellationToken.None);

        Assert.NotNull(await GetAsync(runs, "a", "h"));
        Assert.Equal(0, _requests);
        await Assert.ThrowsAsync<FleetException>(() => GetAsync(runs, "b", "h"));
        Assert.Equal(1, _requests);
    }

    [Fact]
    public async Task A_run_that_a_part_is_scored_with_is_not_forgotten_meanwhile()
    {
        await using var runs = Registry(new WorkerOptions { MaxRuns = 1, InitializeTimeout = TimeSpan.FromMilliseconds(50) });
        await runs.InitializeAsync(Run("a", "h"), 0, CancellationToken.None);
        using (var use = await runs.UseAsync("a", "h", Request, CancellationToken.None))
        {
            await runs.InitializeAsync(Run("b", "h"), 0, CancellationToken.None);
            Assert.Same(use.Worker, await GetAsync(runs, "a", "h"));
        }

        await runs.InitializeAsync(Run("c", "h"), 0, CancellationToken.None);
        await Assert.ThrowsAsync<FleetException>(() => GetAsync(runs, "a", "h"));
        Assert.NotNull(await GetAsync(runs, "c", "h"));
    }

    private async Task<RewardWorker> GetAsync(RunRegistry runs, string run, string hash)
    {
        using var use = await runs.UseAsync(run, hash, Request, CancellationToken.None);
        return use.Worker;
    }

    private static RunRegistry Registry(WorkerOptions? options = null)
    {
        options ??= new WorkerOptions();
        return new RunRegistry(Domain, options, new WorkerCatalog(options), new TokenizerShelf(), new ServiceCollection().BuildServiceProvider(), NullLogger.Instance);
    }

    private static InitializeRun Run(string run, string hash, string config = "{}") => new() { RunId = run, ConfigHash = hash, Domain = Domain, Config = config, ReplyTo = "me" };

    private Task Request()
    {
        _requests++;
        return Task.CompletedTask;
    }
}
