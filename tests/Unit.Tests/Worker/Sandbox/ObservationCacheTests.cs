using Fleet.Rewards.Code;
using Fleet.Worker.Sandbox;

namespace Fleet.Unit.Tests.Worker.Sandbox;

public sealed class ObservationCacheTests
{
    private static readonly IReadOnlyList<Observation> Seen = [new Observation { ExitCode = 0 }];

    [Fact]
    public async Task A_plan_runs_once_also_while_it_runs()
    {
        var cache = new ObservationCache(8);
        var running = new TaskCompletionSource<IReadOnlyList<Observation>>();
        var runs = 0;
        var all = Enumerable.Range(0, 5).Select(_ => cache.GetAsync("a", () => { runs++; return running.Task; }, CancellationToken.None)).ToList();
        running.SetResult(Seen);
        Assert.All(await Task.WhenAll(all), observations => Assert.Same(Seen, observations));
        Assert.Equal(1, runs);
        Assert.Equal(4, cache.Hits);
    }

    [Fact]
    public async Task What_failed_is_run_again()
    {
        var cache = new ObservationCache(8);
        await Assert.ThrowsAsync<SandboxException>(() => cache.GetAsync("a", () => Task.FromException<IReadOnlyList<Observation>>(new SandboxException("x", "", true)), CancellationToken.None));
        Assert.Same(Seen, await cache.GetAsync("a", () => Task.FromResult(Seen), CancellationToken.None));
    }

    [Fact]
    public async Task The_least_used_is_forgotten_first()
    {
        var cache = new ObservationCache(2);
        var runs = new List<string>();
        foreach (var key in "abacab".Select(c => c.ToString())) await cache.GetAsync(key, () => { runs.Add(key); return Task.FromResult(Seen); }, CancellationToken.None);
        Assert.Equal(["a", "b", "c", "b"], runs);
    }

    [Fact]
    public async Task Programs_that_print_much_leave_room_for_fewer()
    {
        var cache = new ObservationCache(100);
        var runs = new List<string>();
        IReadOnlyList<Observation> large = [new Observation { Stdout = new string('x', 6_000_000) }];
        foreach (var key in "abac".Select(c => c.ToString())) await cache.GetAsync(key, () => { runs.Add(key); return Task.FromResult(large); }, CancellationToken.None);
        await cache.GetAsync("b", () => { runs.Add("b"); return Task.FromResult(large); }, CancellationToken.None);
        Assert.Equal(["a", "b", "c", "b"], runs);
    }

    [Fact]
    public async Task Somebody_elses_cancellation_is_not_ours()
    {
        var cache = new ObservationCache(8);
        using var theirs = new CancellationTokenSource();
        var hanging = new TaskCompletionSource<IReadOnlyList<Observation>>();
        var first = cache.GetAsync("a", () => hanging.Task, theirs.Token);
        var second = cache.GetAsync("a", () => Task.FromResult(Seen), CancellationToken.None);
        hanging.SetCanceled(theirs.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Same(Seen, await second);
    }

    [Fact]
    public void The_key_is_what_a_run_depends_on_and_nothing_else()
    {
        var plan = new CodePlan { Kind = CodeKind.Script, Language = CodeLanguage.Python, Program = "x", Tests = [new CodeTest { Stdin = "1", Expected = "2" }], Limits = new CodeLimits(10, 512, 30) };
        var key = ObservationCache.KeyOf(plan, "image");
        Assert.Equal(key, ObservationCache.KeyOf(plan with { Tests = [new CodeTest { Stdin = "1", Expected = "other" }] }, "image"));
        Assert.NotEqual(key, ObservationCache.KeyOf(plan, "other image"));
        Assert.NotEqual(key, ObservationCache.KeyOf(plan with { Program = "y" }, "image"));
        Assert.NotEqual(key, ObservationCache.KeyOf(plan with { Limits = new CodeLimits(9, 512, 30) }, "image"));
        Assert.NotEqual(key, ObservationCache.KeyOf(plan with { Tests = [new CodeTest { Stdin = "2" }] }, "image"));
    }
}
