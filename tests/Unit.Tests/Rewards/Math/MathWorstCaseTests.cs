using Fleet.Rewards;
using Fleet.Rewards.Math;

namespace Fleet.Unit.Tests.Rewards.Math;

/// <summary>Inputs made to be slow. The bound is on counted work, which is some 20 ms; the clock only catches what is not counted.</summary>
public sealed class MathWorstCaseTests
{
    /// <summary>Far above what a quiet machine takes: tests share theirs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    public static TheoryData<string, string> Cases() => new()
    {
        { "power tower", "2^{2^{2^{2^{2^{2}}}}}" },
        { "power tower of nines", "9^{9^{9^{9}}}" },
        { "factorial of a factorial", "((5!)!)!" },
        { "factorials in a row", "9" + Repeat("!", 5_000) },
        { "factorial of a googol", "(10^{100})!" },
        { "a megabyte of open braces", Repeat("{", 1_000_000) },
        { "a megabyte of matched braces", Repeat("{", 500_000) + Repeat("}", 500_000) },
        { "open boxes", Repeat("\\boxed{", 150_000) },
        { "nested boxes", Repeat("\\boxed{", 100_000) + "5" + Repeat("}", 100_000) },
        { "nested radicals", Repeat("\\sqrt{", 1_000) + "5" + Repeat("}", 1_000) },
        { "radicals without braces", Repeat("\\sqrt", 3_900) + "2" },
        { "a long number", Repeat("7", 100_000) },
        { "a harmonic sum of sums", "\\sum_{k=1}^{2000}\\sum_{j=1}^{2000}\\frac{1}{k+j}" },
        { "sines of sums of sums", "\\sum_{k=1}^{400}\\sum_{j=1}^{400}\\sin(k+j)" },
        { "a power of a matrix", "\\begin{pmatrix}x&2&y\\\\3&4&z\\\\a&b&c\\end{pmatrix}^{16}" },
        { "primes", "f" + Repeat("'", 9_000) },
        { "compositions", "f" + Repeat("\\circ f", 2_000) },
        { "signs", Repeat("-", 9_000) + "5" },
        { "indices before a letter", Repeat("^{10}C_", 2_000) },
        { "an index without digits", "^{10}C_-" },
        { "boxes without braces", Repeat("\\boxed 5 ", 100_000) },
        { "guesses", Repeat("5 or ", 50_000) + "5" },
        { "unions in letters", Repeat("(1,2) U ", 2_000) + "(1,2)" },
        { "commands without delimiters", Repeat("\\frac{1}{2} ", 50_000) + "3" },
        { "letters and digits", Repeat("A1", 3_000) + "_{16}" },
        { "plus or minus", Repeat("1\\pm 2,", 2_000) },
        { "dollar signs", Repeat("$", 300_000) },
        { "opening delimiters", Repeat("\\(", 300_000) },
        { "numbers", Repeat("1 2 3 ", 100_000) },
        { "a product of sums of roots", Repeat("(\\sqrt2+\\sqrt3+\\sqrt5)", 400) },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_is_scored_within_its_budget(string what, string answer)
    {
        var rewards = new[] { new MathReward(RewardSettings.Default), new MathReward(new RewardSettings(Parity.Roll)) };
        var started = TimeProvider.System.GetTimestamp();
        foreach (var response in (string[])[answer, $"\n\n\\boxed{{{answer}}}"])
        {
            foreach (var reward in rewards)
            {
                var budget = new WorkBudget();
                var score = reward.Score(new Rollout { Response = response, GroundTruth = "\\sqrt{2}" }, new ScoringContext { Budget = budget });
                Assert.Equal(0, score.Score);
                Assert.False(budget.IsSpent, what);
            }
        }

        Assert.False(MathVerifier.Verify("\\sqrt{2}", answer).Equal);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, what);
    }

    [Fact]
    public void A_gold_answer_alone_over_its_budget_is_invalid()
    {
        var context = new ScoringContext { Budget = new WorkBudget(10) };
        var score = new MathReward(RewardSettings.Default).Score(new Rollout { Response = "\\boxed{5}", GroundTruth = "\\frac{1}{2}+\\frac{1}{3}+\\sqrt{2}" }, context);

        Assert.False(score.IsScored);
        Assert.Equal("gold_over_budget", score.Reason.Code);
    }

    [Fact]
    public void Deep_nesting_is_scored_on_a_small_stack()
    {
        var answers = Cases().Select(c => c.Data.Item2).Append(Repeat("(", 9_000)).Append(Repeat("|x", 3_000)).Append("x" + Repeat("^x", 4_000)).Append(Repeat("\\frac1", 3_000)).ToArray();
        var done = 0;
        var thread = new Thread(() =>
        {
            foreach (var answer in answers)
            {
                MathVerifier.Verify("5", answer);
                done++;
            }
        }, maxStackSize: 1 << 20);
        thread.Start();
        thread.Join();

        Assert.Equal(answers.Length, done);
    }
}
