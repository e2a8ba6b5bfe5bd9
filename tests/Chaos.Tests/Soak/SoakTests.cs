using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Chaos.Tests.Harness;
using Fleet.Integration.Tests.Cli;
using Fleet.Integration.Tests.Judging;

namespace Fleet.Chaos.Tests.Soak;

/// <summary>Half an hour of mixed calls: nothing may grow.</summary>
public sealed class SoakTests(ChaosBroker broker) : IDisposable
{
    private const string Fault = "soak";
    private const string Judge = "llm_judge";
    private const int Clients = 6;
    private static readonly TimeSpan Lasting = TimeSpan.FromMinutes(
        double.TryParse(Environment.GetEnvironmentVariable("FLEET_SOAK_MINUTES"), CultureInfo.InvariantCulture, out var minutes) ? minutes : 30);

    // RabbitMQ keeps the log of its queues in memory until it has half a gigabyte of it.
    private static readonly TimeSpan BrokerCycle = TimeSpan.FromMinutes(8);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_process_grows_after_it_is_warm()
    {
        Assert.SkipUnless(Length.IsSoak, "It takes half an hour: ./test --soak");
        var random = Length.Random(Fault);
        await using var judge = await ScriptedJudge.StartAsync(async (_, context) =>
        {
            await Task.Delay(20);
            await ScriptedJudge.SayAsync(context, "Score: 8");
        });
        await using var space = await broker.OpenSpaceAsync();
        var config = ChaosConfig.Write(_folder.Path, delayMs: 1, domains: $"  {Judge}:\n    tag_included: []\n    judge_model_name: scripted\n    judge_api_url: {judge.Url}\n  ifeval:\n    tag_included: []\n  general_val_rule:\n    tag_included: []\n");
        const string Served = $"{ChaosConfig.Domains},{Judge},ifeval,general_val_rule";
        await using var workers = await WorkerProcesses.StartAsync(2, space.Url, config, Served);
        await using var serve = FleetProcess.Start("serve", "--listen", "127.0.0.1:0", "--broker", space.Url.ToString(), "--config", config);
        const string Serving = "fleet: serving at ";
        await serve.WaitForAsync(Serving);
        using var http = new HttpClient { BaseAddress = new Uri(serve.Said.Single(line => line.StartsWith(Serving, StringComparison.Ordinal))[Serving.Length..].Trim()), Timeout = TimeSpan.FromMinutes(5) };

        using var stop = new CancellationTokenSource();
        var watch = new MemoryWatch(broker.Server, [("dispatcher", serve), .. workers.Running.Select((worker, i) => ($"worker {i}", worker))]);
        var watching = watch.RunAsync(TimeSpan.FromSeconds(Math.Min(10, Lasting.TotalSeconds / 30)), stop.Token);
        var clients = Enumerable.Range(0, Clients).Select(client => new SoakClient(http, new Random(random.Next())).RunAsync(stop.Token)).ToList();
        await Task.WhenAny([Task.Delay(Lasting), .. clients]);
        await stop.CancelAsync();
        var counts = await Task.WhenAll(clients);
        await watching;

        await File.WriteAllTextAsync(Path.Combine(ChaosReport.Folder, "soak.csv"), watch.ToCsv());
        await File.WriteAllTextAsync(Path.Combine(ChaosReport.Folder, "soak.svg"), Plot.Draw(watch.Names, watch.Of));
        ChaosReport.Add(Fault, $"{Lasting.TotalMinutes:0.#} minutes: calls, of them abandoned, rows", $"{counts.Sum(count => count.Calls):N0}, {counts.Sum(count => count.Abandoned):N0}, {counts.Sum(count => count.Rows):N0}");
        var growths = watch.Names.Select((name, i) => (Name: name, Growth: Growth.Of(name == MemoryWatch.Broker ? Growth.LowerEdge(watch.Of(i), BrokerCycle) : watch.Of(i)))).ToList();
        foreach (var (name, growth) in growths) ChaosReport.Add(Fault, $"{name}: median of the middle and of the last third, slope", string.Create(CultureInfo.InvariantCulture, $"{growth.Middle:0} MB, {growth.Last:0} MB, {growth.SlopePerHour:+0;-0;0} MB/h"));
        Assert.All(growths, line => Assert.False(line.Growth.IsGrowing, $"{line.Name} grows: {line.Growth}"));
    }
}

/// <summary>A caller that asks for all kinds of things, and sometimes goes away before it is answered.</summary>
internal sealed class SoakClient(HttpClient http, Random random)
{
    /// <summary>Calls until stopped.</summary>
    public async Task<(int Calls, int Abandoned, int Rows)> RunAsync(CancellationToken stop)
    {
        var (calls, abandoned, rows) = (0, 0, 0);
        while (!stop.IsCancellationRequested)
        {
            var lines = Enumerable.Range(0, 1 + random.Next(random.Next(4) == 0 ? 400 : 40)).Select(_ => Line()).ToArray();
            var isStream = random.Next(2) == 0;
            using var leave = new CancellationTokenSource();
            if (random.Next(20) == 0) leave.CancelAfter(random.Next(1, 200));
            calls++;
            try
            {
                var body = isStream ? string.Join('\n', lines) : $"[{string.Join(',', lines)}]";
                using var content = new StringContent(body, Encoding.UTF8, isStream ? "application/x-ndjson" : "application/json");
                using var response = await http.PostAsync(new Uri("v1/rewards", UriKind.Relative), content, leave.Token);
                var text = await response.Content.ReadAsStringAsync(leave.Token);
                Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode} {text}");
                var results = isStream ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList() : [.. JsonNode.Parse(text)!["rows"]!.AsArray().Select(row => row!)];
                Assert.Equal(lines.Length, results.Count);
                Assert.All(results, result => Assert.Contains((string)result["status"]!, (string[])["scored", "invalid"]));
                rows += lines.Length;
            }
            catch (OperationCanceledException) when (leave.IsCancellationRequested)
            {
                abandoned++;
            }
        }

        return (calls, abandoned, rows);
    }

    private string Line() => random.Next(8) switch
    {
        0 => JsonSerializer.Serialize(new { domain = "llm_judge", prompt = "6 * 7?", response = $"It is {random.Next(99)}.", ground_truth = "42" }),
        1 => JsonSerializer.Serialize(new { domain = "general_val_rule", response = $"The answer is ({(char)('A' + random.Next(4))}).", ground_truth = "B" }),
        2 => JsonSerializer.Serialize(new { domain = "multiple_choice_boxed", response = new string('x', random.Next(20_000)) + "\\boxed{A}", ground_truth = "A" }),
        _ => ChaosRows.Line(random.Next(100_000)),
    };
}
