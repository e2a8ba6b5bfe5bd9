using System.Text.RegularExpressions;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Ranks;
using Fleet.Contracts.Wire;
using Fleet.Messaging;
using Fleet.Messaging.DeadLetters;
using Fleet.QueueContract.Tests;

namespace Fleet.Integration.Tests.Cli;

/// <summary>The commands that operate a running fleet, against one.</summary>
public sealed class OperateTests(RabbitMqServer broker) : IClassFixture<RabbitMqServer>
{
    [Fact]
    public async Task Draining_says_with_its_exit_code_whether_the_workers_have_left()
    {
        using var noted = new NotedFolder(slots: 1);
        await using var worker = await ServeAsync(noted);
        await using var score = FleetProcess.Start("score", noted.Rows(NotedRewardWorker.Held), "--broker", Url, "--config", noted.Config);
        await noted.WaitAsync(() => noted.Notes.Length == 1);

        var (waiting, _, said) = await RunAsync(noted, "drain", "--domain", NotedFolder.Domain, "--wait", "1");

        Assert.Equal(1, waiting);
        Assert.Contains("fleet: 1 of 1 workers have not left after 1 s", said, StringComparison.Ordinal);
        noted.Open();
        Assert.Equal((0, 0), (await worker.ExitAsync(), await score.ExitAsync()));

        await using var another = await ServeAsync(noted);
        var (left, output, _) = await RunAsync(noted, "drain", "--all");
        Assert.Equal(0, left);
        Assert.EndsWith(" left", Assert.Single(output), StringComparison.Ordinal);
        Assert.Equal(0, await another.ExitAsync());
    }

    [Fact]
    public async Task A_call_whose_dispatcher_was_killed_is_shown_and_can_be_cancelled()
    {
        using var noted = new NotedFolder(slots: 1);
        await using var worker = await ServeAsync(noted);
        await using (var score = FleetProcess.Start("score", noted.Rows(Enumerable.Repeat(NotedRewardWorker.Held, 50)), "--broker", Url, "--config", noted.Config))
        {
            await noted.WaitAsync(() => noted.Notes.Length == 1);
            // By then the dispatcher knows that the part was taken; a worker that cannot say so any more drops it.
            var (_, open, _) = await RunAsync(noted, "status");
            Assert.Single(open, line => line.Contains(" 1 of ", StringComparison.Ordinal) && !line.Contains(NotedFolder.Domain, StringComparison.Ordinal));
            score.Kill();
            await score.ExitAsync();
        }

        var (_, shown, _) = await RunAsync(noted, "status");
        var call = Regex.Match(Assert.Single(shown, line => line.Contains(" gone ", StringComparison.Ordinal)), "[0-9a-f]{32}", RegexOptions.NonBacktracking).Value;
        var (exit, output, errors) = await RunAsync(noted, "cancel", "--call", call);

        Assert.True(exit == 0, errors);
        Assert.Contains(call, Assert.Single(output), StringComparison.Ordinal);
        // The worker is free for others, and did nothing more of that call.
        (exit, _, errors) = await FleetProcess.RunAsync("score", noted.Rows("after"), "--broker", Url, "--config", noted.Config);
        Assert.True(exit == 0, errors);
        Assert.Equal([NotedRewardWorker.Held, "after"], noted.Notes);
    }

    [Fact]
    public async Task One_dead_letter_is_shown_and_replayed_and_the_others_stay()
    {
        using var noted = new NotedFolder(slots: 1);
        var call = Guid.NewGuid();
        await using (var letters = new DeadLetterQueues(new BrokerOptions { Url = broker.Url }))
        {
            for (var part = 0; part < 2; part++) await letters.BuryAsync(Letter(call, part), "No worker could do it.", TimeProvider.System.GetUtcNow(), CancellationToken.None);
        }

        var (_, listed, _) = await RunAsync(noted, "dlq", "list");
        Assert.Equal(2, listed.Count(line => line.Contains(call.ToString("N"), StringComparison.Ordinal)));
        var (_, shown, _) = await RunAsync(noted, "dlq", "show", "--call", call.ToString("N"), "--part", "1");
        Assert.Contains("part 1", shown[0], StringComparison.Ordinal);
        Assert.Contains("\"letter 1\"", Assert.Single(shown.Skip(1)), StringComparison.Ordinal);

        await using (var worker = await ServeAsync(noted))
        {
            var (exit, replayed, errors) = await RunAsync(noted, "dlq", "replay", "--call", call.ToString("N"), "--part", "1");
            Assert.True(exit == 0, errors);
            Assert.Contains("1 dead letters were scored and deleted, 0 stay", errors, StringComparison.Ordinal);
            Assert.Contains("\"scored\"", Assert.Single(replayed), StringComparison.Ordinal);
        }

        var (_, left, _) = await RunAsync(noted, "dlq", "list", "--call", call.ToString("N"));
        Assert.Contains("part 0", Assert.Single(left), StringComparison.Ordinal);
        var (missing, _, said) = await RunAsync(noted, "dlq", "replay", "--call", Guid.NewGuid().ToString("N"));
        Assert.Equal(2, missing);
        Assert.Contains("There is no such dead letter", said, StringComparison.Ordinal);
    }

    private string Url => broker.Url.ToString();

    private static WorkerCommand Letter(Guid call, int part) => new(
        new CommandHeader { CallId = call, Part = part, RunId = "gone", ConfigHash = "", Domain = NotedFolder.Domain, Method = RegisteredMethod.ComputeRewards, Rows = 1, ReplyTo = "nobody" },
        BatchWriter.Write(DataProto.Of([], [new(BatchKeys.Id, ValueColumn.OfText([$"{part}"])), new(BatchKeys.ResponseText, ValueColumn.OfText([$"letter {part}"]))])));

    private Task<(int ExitCode, string[] Output, string Errors)> RunAsync(NotedFolder noted, params string[] arguments) =>
        FleetProcess.RunAsync([.. arguments, "--broker", Url, "--config", noted.Config]);

    private async Task<FleetProcess> ServeAsync(NotedFolder noted)
    {
        var worker = FleetProcess.Start("worker", "--domain", NotedFolder.Domain, "--broker", Url, "--config", noted.Config);
        await worker.WaitForAsync("serving as rank");
        return worker;
    }
}
