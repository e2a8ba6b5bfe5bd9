using Fleet.Contracts.Messages;
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

    private static async Task<string?> InitializeAsync(string config)
    {
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).BuildServiceProvider();
        var options = new WorkerOptions();
        await using var runs = new RunRegistry("code_sandbox", options, new WorkerCatalog(options), new TokenizerShelf(), services, NullLogger.Instance);
        return await runs.InitializeAsync(new InitializeRun { RunId = "r", ConfigHash = "h", Domain = "code_sandbox", Config = config, ReplyTo = "me" }, 0, CancellationToken.None);
    }
}
