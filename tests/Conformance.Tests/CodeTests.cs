using Fleet.Rewards;

namespace Fleet.Conformance.Tests;

/// <summary>The labelled cases of the code domain, on a real engine. Without one they fail and say what to do.</summary>
public sealed class CodeTests(CodeSandboxFixture sandbox) : IClassFixture<CodeSandboxFixture>
{
    [Theory]
    [InlineData("humaneval")]
    [InlineData("mbpp")]
    [InlineData("quixbugs")]
    [InlineData("olympiad_io")]
    [InlineData("edge")]
    [InlineData("hacks")]
    public async Task Every_labelled_program_gets_its_label(string file)
    {
        var cases = LabelledCases.Read($"code/{file}.jsonl").ToList();
        var scorer = sandbox.Scorer;
        var wrong = new List<string>();
        await Task.WhenAll(cases.Select(async one =>
        {
            var outcome = await scorer.ScoreAsync(CodeCases.Rollout(one), RewardSettings.Default, TestContext.Current.CancellationToken);
            if (CodeCases.Fault(one, outcome) is { } fault) lock (wrong) wrong.Add(fault);
        }));
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {cases.Count} differ:\n{string.Join('\n', wrong.Order().Take(40))}");
    }

    [Fact]
    public async Task No_attack_gets_its_way_and_the_next_sample_is_answered_each_time()
    {
        var cases = LabelledCases.Read("code/attacks.jsonl").ToList();
        var wrong = new List<string>();
        await Task.WhenAll(cases.Select(async one =>
        {
            var attack = sandbox.Scorer.ScoreAsync(CodeCases.Rollout(one), RewardSettings.Default, TestContext.Current.CancellationToken);
            var outcome = await attack;
            var next = await sandbox.Scorer.ScoreAsync(CodeCases.Honest(), RewardSettings.Default, TestContext.Current.CancellationToken);
            if (CodeCases.Fault(one, outcome) is { } fault) lock (wrong) wrong.Add(fault);
            if (next.Score?.Score != 1) lock (wrong) wrong.Add($"the sample after {one.GetProperty("id")} was not answered: {next}");
        }));
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {cases.Count}:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public async Task Nothing_of_a_sample_reaches_the_next_one_on_the_same_slot()
    {
        var cases = LabelledCases.Read("code/leaks.jsonl").OrderBy(one => one.GetProperty("group").GetString(), StringComparer.Ordinal)
            .ThenBy(one => one.GetProperty("step").GetInt32()).ToList();
        // All at once: it is for the scorer to keep the order within a group.
        var outcomes = await Task.WhenAll(cases.Select(one =>
            sandbox.Scorer.ScoreAsync(CodeCases.Rollout(one), RewardSettings.Default, TestContext.Current.CancellationToken)));
        Assert.Empty(cases.Zip(outcomes, CodeCases.Fault).OfType<string>());
        foreach (var group in cases.Zip(outcomes).GroupBy(pair => pair.First.GetProperty("group").GetString()))
            Assert.Single(group.Select(pair => pair.Second.Score!.Detail!["slot"]!.GetValue<string>()).Distinct());
    }

    [Fact]
    public async Task Rollouts_of_models_get_their_published_verdicts()
    {
        var cases = LabelledCases.Read("../rollouts/mixed-dev.jsonl")
            .Where(one => one.GetProperty("domain").GetString() == "code_sandbox")
            .Where(one => !(one.TryGetProperty("extra", out var extra) && extra.TryGetProperty("environment_dependent", out _)))
            .Where((_, index) => index % 4 == 0 || Environment.GetEnvironmentVariable("FLEET_LONG") == "1")
            .ToList();
        var scorer = sandbox.Scorer;
        var wrong = new List<string>();
        await Task.WhenAll(cases.Select(async one =>
        {
            var outcome = await scorer.ScoreAsync(CodeCases.Rollout(one), RewardSettings.Default, TestContext.Current.CancellationToken);
            if ((outcome.Score?.Score >= 0.5) != (one.GetProperty("label").GetDouble() >= 0.5) || outcome.Score is null)
                lock (wrong) wrong.Add($"{one.GetProperty("id")}: {outcome.Score?.Reason} {outcome.Failure?.Message}");
        }));
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {cases.Count} differ:\n{string.Join('\n', wrong.Order().Take(40))}");
    }
}
