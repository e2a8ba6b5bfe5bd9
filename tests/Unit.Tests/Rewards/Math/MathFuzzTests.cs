using System.Text;
using Fleet.Rewards;
using Fleet.Rewards.Math;

namespace Fleet.Unit.Tests.Rewards.Math;

/// <summary>The heap is measured, and it is the process's: no other test runs beside these.</summary>
[CollectionDefinition(nameof(MathFuzzTests), DisableParallelization = true)]
public sealed class MathFuzzCollection;

/// <summary>Random and mutated inputs; 10 million of them when <c>FLEET_LONG=1</c>.</summary>
[Collection(nameof(MathFuzzTests))]
public sealed class MathFuzzTests
{
    private const int Short = 40_000;
    private const int Long = 10_000_000;

    /// <summary>Runs side by side, each with a seed of its own.</summary>
    private const int Lanes = 4;

    private const long MaxGrowth = 64 << 20;

    private static readonly string[] Pieces =
    [
        "\\frac{", "\\frac12", "\\sqrt", "\\sqrt[3]{", "\\boxed{", "\\boxed\\{", "}", "{", "(", ")", "[", "]", "\\{", "\\}", "|", "\\left", "\\right.", "^", "_", "^{", "_{", "!", "'", "%", "\\%", "$", "\\$", "\\(", "\\)", "\\[", "\\]", "$$",
        "1", "2", "10", "0", "0.5", ".5", "1,234", "9999999999", "1e9", "1e-9999", "\\pi", "e", "i", "x", "y", "n", "f(x)", "A", "\\infty", "\\alpha", "\\sin", "\\ln", "\\log_", "\\exp", "\\arctan", "sqrt(", "pi", "inf", "\\pm", "+", "-", "*", "/", "\\cdot", "\\times",
        "=", "<", "\\le", "\\ge", "\\ne", "\\in", "\\approx", "\\cup", "\\cap", "\\setminus", ",", ";", ":", "\\text{", "\\text{ and }", "and", "or", "\\mathrm{cm}", "\\begin{pmatrix}", "\\end{pmatrix}", "\\begin{cases}", "\\end{cases}", "&", "\\\\", "\\quad",
        "\\sum_{k=1}^{", "\\prod_{k=1}^{", "\\int_0^1", "\\lim_{x\\to 0}", "\\binom{", "\\overline{3}", "\\pmod{7}", "^\\circ", "\\ldots", "<think>", "</think>", "The answer is", "####", "<answer>", "</answer>", "<<", ">>", "\n", " ", "，", "且", "²", "√", "½", "\ud83d\ude00", "\ud800", "\0", "12_7", "12:00", "3:2", "\\mathbb{R}", "\\emptyset", "\\lfloor", "\\rfloor", "th", "percent", "\\not", "\\bar{", "\\vec", "^{10}C_", "{}_{5}C_3", "C_{10}^{3}", "\\choose", "0.(6)", "...", "\\dot{3}", " km/h", " m/s^2", "1AF_{16}", " base 2", " PM", "\\boxed 7", "]0,1[", " U ", "\\mathbb{R}^+", "\\lor", "twenty", "USD", "1.234.567", "(eggs)", "\\text{17 coins}", "all real numbers except",
    ];

    [Fact]
    public void No_input_throws_overspends_or_keeps_memory()
    {
        var count = Environment.GetEnvironmentVariable("FLEET_LONG") == "1" ? Long : Short;
        var before = 0L;
        Parallel.For(0, Lanes, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, lane =>
        {
            Run(lane, count / Lanes, () => Interlocked.CompareExchange(ref before, GC.GetTotalMemory(forceFullCollection: true), 0));
        });

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, MaxGrowth);
    }

    private static void Run(int lane, int count, Action afterATenth)
    {
        var random = new Random(20_241 + lane);
        var rewards = new[] { new MathReward(RewardSettings.Default), new MathReward(new RewardSettings(Parity.Roll)) };
        var corpus = new List<string> { "\\frac{1}{2}", "x=3", "\\{1,2\\}", "[0,1)", "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", "The answer is \\boxed{5}." };
        for (var i = 0; i < count; i++)
        {
            var (gold, prediction) = (Next(random, corpus), Next(random, corpus));
            var budget = new WorkBudget();
            try
            {
                var verdict = MathVerifier.Verify(gold, prediction, random.Next(4) == 0 ? "verify" : "pair", null, budget);
                Assert.True(verdict.Status is "scored" or "invalid");
                var context = new ScoringContext { Budget = budget };
                var score = rewards[i & 1].Score(new Rollout { Response = prediction, GroundTruth = gold }, context);
                Assert.True(score.IsScored || score.Reason.Code is "no_ground_truth" or "gold_over_budget");
            }
            catch (Exception e) when (e is not Xunit.Sdk.IAssertionException)
            {
                Assert.Fail($"Lane {lane}, input {i}: {gold} | {prediction}: {e}");
            }

            Assert.False(budget.IsSpent, $"Lane {lane}, input {i} overspent: {gold} | {prediction}");
            if (i == count / 10) afterATenth();
        }
    }

    [Fact]
    public void The_verdict_of_a_pair_is_the_same_on_every_thread_and_in_every_order()
    {
        var random = new Random(7);
        var corpus = new List<string>();
        var pairs = Enumerable.Range(0, 400).Select(_ => (Gold: Next(random, corpus), Prediction: Next(random, corpus))).ToArray();
        var first = pairs.Select(p => MathVerifier.Verify(p.Gold, p.Prediction)).ToArray();

        var again = new MathVerdict[pairs.Length];
        Parallel.For(0, pairs.Length, i => again[pairs.Length - 1 - i] = MathVerifier.Verify(pairs[pairs.Length - 1 - i].Gold, pairs[pairs.Length - 1 - i].Prediction));

        Assert.Equal(first, again);
    }

    // New from pieces, or an earlier one cut, doubled or spliced.
    private static string Next(Random random, List<string> corpus)
    {
        var text = new StringBuilder(corpus.Count > 0 && random.Next(2) == 0 ? corpus[random.Next(corpus.Count)] : "");
        for (var edits = random.Next(1, 12); edits > 0; edits--)
        {
            var at = random.Next(text.Length + 1);
            switch (random.Next(6))
            {
                case 0 when text.Length > 0: text.Remove(at, System.Math.Min(random.Next(4), text.Length - at)); break;
                case 1 when text.Length is > 0 and < 2_000: text.Append(text); break;
                case 2: text.Insert(at, (char)random.Next(32, 127)); break;
                default: text.Insert(at, Pieces[random.Next(Pieces.Length)]); break;
            }
        }

        var made = text.Length > 3_000 ? text.ToString(0, 3_000) : text.ToString();
        if (corpus.Count < 400) corpus.Add(made);
        else corpus[random.Next(400)] = made;
        return made;
    }
}
