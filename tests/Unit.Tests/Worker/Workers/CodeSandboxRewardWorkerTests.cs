using Fleet.Contracts.Batches;
using Fleet.Contracts.Messages;
using Fleet.Rewards.Code;
using Fleet.Worker;
using Fleet.Worker.Runs;
using Fleet.Worker.Sandbox;
using Fleet.Worker.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Unit.Tests.Worker.Workers;

/// <summary>Which sandbox a run gets: the slots of the process, or the server of <c>code_url</c>.</summary>
public sealed class CodeSandboxRewardWorkerTests
{
    [Theory]
    [InlineData("""{"code_url": "http://localhost:1/run_code"}""", true)]
    [InlineData("""{"code_url": "http://localhost:1/run_code", "use_local": false}""", true)]
    [InlineData("""{"code_url": "http://localhost:1/run_code", "use_local": true}""", false)]
    [InlineData("""{"code_url": ""}""", false)]
    [InlineData("""{"use_local": false}""", false)]
    [InlineData("{}", false)]
    public async Task Code_url_makes_the_worker_a_client_unless_the_block_asks_for_local_runs(string config, bool client)
    {
        // A worker with slots asks for them; a client does without.
        var error = await InitializeAsync(config);
        if (client) Assert.Null(error);
        else Assert.Contains(nameof(SandboxOptions), error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_none_is_said_at_once() =>
        Assert.Equal("code_url is 'localhost:8080'; expected is an address such as http://localhost:8080/run_code.", await InitializeAsync("""{"code_url": "localhost:8080"}"""));

    [Theory]
    [InlineData("{}", 2)]
    [InlineData("""{"code_cache": 10}""", 1)]
    [InlineData("""{"code_cache": 10, "flaky": true}""", 8)]
    public async Task Identical_programs_run_once_a_call_and_if_asked_once_a_run(string config, int runs)
    {
        var sandbox = new CountingSandbox();
        var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddSingleton(new SandboxOptions()).AddSingleton<ICodeSandbox>(sandbox).BuildServiceProvider();
        var options = new WorkerOptions();
        await using var registry = new RunRegistry("code_sandbox", options, new WorkerCatalog(options), new TokenizerShelf(), services, NullLogger.Instance);
        Assert.Null(await registry.InitializeAsync(Run(config), 0, CancellationToken.None));
        using var use = await registry.UseAsync("r", "h", () => Task.CompletedTask, CancellationToken.None);
        const string tests = """[{"stdin": "", "expected_stdout": "x"}]""";
        var batch = DataProto.FromSingleDict(
        [
            new(BatchKeys.ResponseText, ValueColumn.OfText(["print('x')", "print('x')"])),
            new(BatchKeys.TestCases, ValueColumn.OfJsonText([tests, tests])),
        ]);

        // Two calls of two parts each.
        for (var n = 0; n < 4; n++)
        {
            var reply = await use.Worker.ComputeRewardsAsync(batch.WithMeta(MetaInfo.Empty.With(BatchKeys.CallId, n / 2)), CancellationToken.None);
            Assert.Equal([1.0, 1.0], Enumerable.Range(0, 2).Select(row => reply.NonTensorBatch[BatchKeys.Score].Number(row)));
        }

        Assert.Equal(runs, sandbox.Runs);
    }

    private static InitializeRun Run(string config) => new() { RunId = "r", ConfigHash = "h", Domain = "code_sandbox", Config = config, ReplyTo = "me" };

    private static async Task<string?> InitializeAsync(string config)
    {
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).BuildServiceProvider();
        var options = new WorkerOptions();
        await using var runs = new RunRegistry("code_sandbox", options, new WorkerCatalog(options), new TokenizerShelf(), services, NullLogger.Instance);
        return await runs.InitializeAsync(Run(config), 0, CancellationToken.None);
    }

    /// <summary>A sandbox in which every program prints x.</summary>
    private sealed class CountingSandbox : ICodeSandbox
    {
        private int _runs;

        public int Runs => _runs;

        public string Identity => "x";

        public Task<IReadOnlyList<Observation>> RunAsync(CodePlan plan, CancellationToken cancel)
        {
            Interlocked.Increment(ref _runs);
            return Task.FromResult<IReadOnlyList<Observation>>([new Observation { ExitCode = 0, Stdout = "x" }]);
        }

        public Task<RunCodeResult> RunCodeAsync(RunCodeRequest request, CancellationToken cancel) => throw new NotSupportedException();
    }
}
