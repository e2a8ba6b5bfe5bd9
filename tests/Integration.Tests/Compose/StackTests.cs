using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Integration.Tests.Cli;

namespace Fleet.Integration.Tests.Compose;

/// <summary>The stack wants the whole machine: nothing else is tested beside it.</summary>
[CollectionDefinition(nameof(StackTests), DisableParallelization = true)]
public sealed class StackCollection;

/// <summary>The stack as an operator has it: one script, a gateway, a broker, a service of workers for each domain.</summary>
[Collection(nameof(StackTests))]
public sealed class StackTests(FleetStack stack) : IClassFixture<FleetStack>
{
    private const int Clients = 4;
    private const int RowsOfARequest = 20;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("FLEET_LONG") == "1";
    private static readonly string Samples = Path.Combine(FleetStack.Root, "samples", "rollouts.jsonl");

    [Fact]
    public async Task A_stack_from_nothing_gives_the_results_of_score()
    {
        var cancel = TestContext.Current.CancellationToken;
        var (exit, expected, errors) = await FleetProcess.RunAsync("score", Samples, "--config", FleetStack.Config);
        Assert.True(exit == 0, errors);

        using var rows = new StringContent(await File.ReadAllTextAsync(Samples, cancel), Encoding.UTF8, "application/x-ndjson");
        using var answer = await stack.Http.PostAsync("/v1/rewards?order=input", rows, cancel);
        var results = (await answer.Content.ReadAsStringAsync(cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(expected.Select(Verdict), results.Select(Verdict));
        Assert.Contains(results.Select(Verdict), verdict => verdict.StartsWith("code-1 code_sandbox scored 1 ", StringComparison.Ordinal));
        Assert.All(results.Select(Verdict), verdict => Assert.Contains(" scored ", verdict, StringComparison.Ordinal));
        // The command that the script prints is one that works.
        Assert.Contains(stack.Http.BaseAddress!.Authority, stack.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Containers_are_healthy_and_strangers_are_kept_out()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var stranger = new HttpClient { BaseAddress = stack.Http.BaseAddress };

        // The engine asks a container every ten seconds.
        await WaitAsync(async () => (await stack.HealthAsync()).All(status => status.Contains("(healthy)", StringComparison.Ordinal)), "not every container became healthy");
        var services = (await stack.HealthAsync()).Select(status => status.Split(' ')[0]).Order(StringComparer.Ordinal);

        Assert.Equal(["broker", "code_sandbox", "crossthinkqa", "cv_detection", "gateway", "general_val_rule", "ifeval", "math_rule", "multiple_choice_boxed", "video_r1"], services);
        Assert.Equal("""{"status":"ok"}""", await stranger.GetStringAsync("/v1/health", cancel));
        using var refused = await stranger.GetAsync("/v1/ranks", cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Every_row_is_scored_while_a_domain_goes_from_one_worker_to_three_and_back()
    {
        Assert.SkipUnless(IsLong, "Minutes long; ./test --long runs it.");
        var cancel = TestContext.Current.CancellationToken;
        var samples = (await File.ReadAllLinesAsync(Samples, cancel)).Select(line => JsonNode.Parse(line)!).ToList();
        var expected = (await ScoreAsync(samples, 0)).ToDictionary(row => (string)row!["id"]!, row => Verdict(row!.ToJsonString()));
        var ranks = new ConcurrentDictionary<int, int>();
        var rows = 0;

        var scaling = ScaleAsync(ranks);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            // Rows go on for as long as the workers come and go, and until there were a thousand.
            for (var request = client; !scaling.IsCompleted || Volatile.Read(ref rows) < 1000; request++)
            {
                var sent = Enumerable.Range(0, RowsOfARequest).Select(i => samples[((request * RowsOfARequest) + i) % samples.Count]).ToList();
                var results = await ScoreAsync(sent, request);
                Assert.Equal(sent.Select(row => expected[(string)row["id"]!]), results.Select(row => Verdict(row!.ToJsonString())));
                foreach (var row in results.Where(row => (string?)row!["domain"] == "math_rule")) ranks.AddOrUpdate((int)row!["rank"]!, 1, (_, seen) => seen + 1);
                Interlocked.Add(ref rows, results.Count);
            }
        }));
        await scaling;

        Assert.InRange(rows, 1000, int.MaxValue);
        Assert.Equal([0, 1, 2], ranks.Keys.Order());
        TestContext.Current.TestOutputHelper?.WriteLine($"{rows} rows; of math_rule by rank: {string.Join(", ", ranks.OrderBy(rank => rank.Key).Select(rank => $"{rank.Key}: {rank.Value}"))}");
    }

    private async Task ScaleAsync(ConcurrentDictionary<int, int> ranks)
    {
        await stack.RunAsync("scale", "math_rule=3");
        await WaitAsync(async () => await stack.WorkersAsync("math_rule") == 3, "math_rule never had three workers");
        await WaitAsync(() => Task.FromResult(ranks.ContainsKey(1) && ranks.ContainsKey(2)), "the new workers got no rows");
        // Bringing up what is up changes nothing.
        await stack.RunAsync("up");
        Assert.Equal(3, await stack.WorkersAsync("math_rule"));
        await stack.RunAsync("scale", "math_rule=1");
        await WaitAsync(async () => await stack.WorkersAsync("math_rule") == 1, "math_rule never came back to one worker");
    }

    private async Task<JsonArray> ScoreAsync(IEnumerable<JsonNode> rows, int request)
    {
        using var body = new StringContent($"[{string.Join(',', rows.Select(row => row.ToJsonString()))}]", Encoding.UTF8, "application/json");
        using var answer = await stack.Http.PostAsync("/v1/rewards", body, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"request {request}: {answer.StatusCode} {text}");
        return JsonNode.Parse(text)!["rows"]!.AsArray();
    }

    private static async Task WaitAsync(Func<Task<bool>> holds, string otherwise)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(started) > FleetStack.Patience / 2) Assert.Fail(otherwise);
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>What two runs of a row must agree on.</summary>
    private static string Verdict(string result)
    {
        var row = JsonNode.Parse(result)!;
        return $"{row["id"]} {row["domain"]} {row["status"]} {row["score"]} {row["reward"]} {row["reason"]}";
    }
}
