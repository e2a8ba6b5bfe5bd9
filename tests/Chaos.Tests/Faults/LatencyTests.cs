using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Fleet.Chaos.Tests.Harness;
using Fleet.Contracts.Names;
using Fleet.Dispatcher;
using Fleet.Integration.Tests.Judging;
using Fleet.QueueContract.Tests;

namespace Fleet.Chaos.Tests.Faults;

/// <summary>What a rollout waits for its reward in a mixed fleet, with bad rows in it and a worker that dies.</summary>
public sealed class LatencyTests(ChaosBroker broker) : IDisposable
{
    private const string Fault = "time from a row's submission to its reward";
    private const string Judge = "llm_judge";
    private const string Code = "code_sandbox";
    private const int InFlight = 512;
    private const string Late = "I would like to have more time.";
    private static readonly TimeSpan JudgeTakes = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LateJudgeTakes = TimeSpan.FromSeconds(2);

    /// <summary>Until all processes run compiled code at its best: for half a minute they need three times the processor.</summary>
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(60);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_domain_waits_on_another_and_bad_rows_and_a_dead_worker_cost_little()
    {
        Assert.SkipUnless(Length.IsFull, "Percentiles need minutes: ./test --chaos");
        Assert.True((await RabbitMqServer.DockerAsync("image", "ls", "-q", "fleet/sandbox")).Length > 0, "The sandbox's image is missing, and programs are one of the domains: ./test --chaos makes it.");
        string[] domains = [ChaosConfig.Math, ChaosConfig.Choice, Judge, Code];
        await using var judge = await ScriptedJudge.StartAsync(async (request, context) =>
        {
            await Task.Delay(request.Text.Contains(Late, StringComparison.Ordinal) ? LateJudgeTakes : JudgeTakes);
            await ScriptedJudge.SayAsync(context, "Score: 8");
        });
        var blocks = $"  {Judge}:\n    tag_included: []\n    judge_model_name: scripted\n    judge_api_url: {judge.Url}\n  {Code}:\n    tag_included: []\n";
        await using var space = await broker.OpenSpaceAsync();
        var config = ChaosConfig.Write(_folder.Path, 0, slots: null, domains: blocks);
        await using var workers = await WorkerProcesses.StartAsync(2, space.Url, config, string.Join(',', domains));
        await using var user = await FleetUser.StartAsync(
            space.Url, new DispatcherOptions(),
            (ChaosConfig.Math, []), (ChaosConfig.Choice, []), (Code, []), (Judge, new JsonObject { ["judge_model_name"] = "scripted", ["judge_api_url"] = judge.Url }));
        foreach (var domain in domains) await user.WaitForWorkersAsync(2, domain);
        await RunAsync(user, domains, Warming, badShare: 0, seed: 1);

        var random = Length.Random(Fault);
        var calm = await RunAsync(user, domains, Lasting, badShare: 0, seed: 2);
        var running = RunAsync(user, domains, Lasting, badShare: 0.01, seed: 3);
        await Task.Delay(Lasting * (0.4 + (random.NextDouble() * 0.2)));
        workers.Running[0].Kill();
        var faults = await running;

        foreach (var domain in domains)
        {
            var (without, with) = (Times(calm, domain, isBad: false), Times(faults, domain, isBad: false));
            ChaosReport.Add(Fault, $"{domain}: p50, p99, max without faults", Figure(without));
            ChaosReport.Add(Fault, $"{domain}: with bad rows and a worker killed", $"{Figure(with)}; p99 {Percentile(with, 0.99) / Percentile(without, 0.99):0.00} times");
            if (Times(faults, domain, isBad: true) is { Count: > 0 } bad) ChaosReport.Add(Fault, $"{domain}: the bad rows themselves", Figure(bad));
        }

        foreach (var domain in domains)
        {
            var (without, with) = (Percentile(Times(calm, domain, isBad: false), 0.99), Percentile(Times(faults, domain, isBad: false), 0.99));
            Assert.True(with <= 3 * without, $"{domain}: p99 is {with:0.000} s with faults and {without:0.000} s without.");
        }

        // Nobody waits for the judge: half of the rows of rules, the bad ones among them, take less than it takes for one.
        foreach (var (run, rows) in new[] { ("calm", calm), ("with faults", faults) })
        {
            foreach (var domain in (string[])[ChaosConfig.Math, ChaosConfig.Choice])
            {
                var half = Percentile(Times(rows, domain), 0.5);
                Assert.True(half < JudgeTakes.TotalSeconds, $"{run}, {domain}: p50 is {half:0.000} s, and the judge takes {JudgeTakes.TotalSeconds:0.000} s.");
            }
        }
    }

    /// <summary>Rollouts in flight: each has its domain, and when its reward comes, the next one is generated for a while and submitted.</summary>
    private static async Task<IReadOnlyList<(bool IsBad, Arrival Arrival)>> RunAsync(FleetUser user, string[] domains, TimeSpan lasting, double badShare, int seed)
    {
        var random = new Random(Length.Seed + seed);
        var lines = Channel.CreateUnbounded<string>();
        var arrivals = new ArrivalLog();
        var (rows, bad, waiting) = (0, new HashSet<long>(), InFlight);
        var domainOf = new Dictionary<long, string>();
        var gate = new Lock();
        var start = Stopwatch.GetTimestamp();

        void Submit(string domain)
        {
            lock (gate)
            {
                var isBad = random.NextDouble() < badShare;
                if (isBad) bad.Add(rows);
                domainOf[rows] = domain;
                arrivals.Asked(rows);
                lines.Writer.TryWrite(Line(rows++, domain, isBad, random));
            }
        }

        string DomainOf(long row)
        {
            lock (gate) return domainOf[row];
        }

        async Task GenerateAsync(string domain)
        {
            double pause;
            lock (gate) pause = random.NextDouble() * 2;
            await Task.Delay(TimeSpan.FromSeconds(pause));
            if (Stopwatch.GetElapsedTime(start) < lasting) Submit(domain);
            else if (Interlocked.Decrement(ref waiting) == 0) lines.Writer.Complete();
        }

        // Most are of rules; programs are few, since each takes a core for a tenth of a second.
        for (var slot = 0; slot < InFlight; slot++) Submit(domains[slot % 20 == 0 ? ^1 : slot % 5 == 1 ? 2 : slot % 2]);
        await user.ScoreAsync(lines.Reader.ReadAllAsync(), arrivals, new CallOptions { InOrder = false, MaxRowsInFlight = InFlight }, arrival => _ = GenerateAsync(DomainOf(arrival.Row)));

        var all = arrivals.All;
        Assert.Equal(Enumerable.Range(0, rows).Select(row => (long)row), all.Select(arrival => arrival.Row).Order());
        Assert.All(all, arrival => Assert.True(arrival.Reward.Status == RowStatus.Scored, arrival.Reward.Reason));
        return [.. all.Select(arrival => (bad.Contains(arrival.Row), arrival))];
    }

    // No program is another's twin, which would be answered with its run. A bad row: maths and programs that run into their limits, a judge that answers late, a response of half a megabyte.
    private static string Line(int id, string domain, bool isBad, Random random) => JsonSerializer.Serialize<object>(domain switch
    {
        ChaosConfig.Math => new { id, domain, response = isBad ? $"\\boxed{{{string.Concat(Enumerable.Repeat("(x+y+1)^{99}", 60))}}}" : $"So it is \\boxed{{{random.Next(40)}/{random.Next(1, 9)}}}.", ground_truth = "x^{99}" },
        ChaosConfig.Choice => new { id, domain, response = isBad ? string.Concat(Enumerable.Repeat("It may be \\boxed{A} or not. ", 20_000)) : $"\\boxed{{{(char)('A' + random.Next(4))}}}", ground_truth = "B" },
        Judge => new { id, domain, prompt = "6 * 7?", response = isBad ? Late : $"It is {random.Next(50)}.", ground_truth = "42" },
        _ => (object)new
        {
            id,
            domain,
            response = isBad ? $"```python\nn = {id}\nwhile True: n += 1\n```" : $"```python\nprint(int(input()) + {random.Next(3)} + 0 * {id})\n```",
            limits = new { time_s = 2 },
            test_cases = new[] { new { stdin = "1\n", expected_stdout = "2\n" } },
        },
    });

    private static List<double> Times(IReadOnlyList<(bool IsBad, Arrival Arrival)> rows, string domain, bool? isBad = null) =>
        [.. rows.Where(row => (isBad is null || row.IsBad == isBad) && row.Arrival.Reward.Domain == domain).Select(row => row.Arrival.Seconds).Order()];

    private static double Percentile(List<double> sorted, double share) => sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];

    private static string Figure(List<double> sorted) => string.Create(
        CultureInfo.InvariantCulture, $"{Percentile(sorted, 0.5) * 1000:0}, {Percentile(sorted, 0.99) * 1000:0}, {(sorted.Count == 0 ? 0 : sorted[^1]) * 1000:0} ms of {sorted.Count:N0} rows");
}
