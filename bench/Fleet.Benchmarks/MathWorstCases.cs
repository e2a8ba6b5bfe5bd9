using System.Globalization;
using Fleet.Rewards;
using Fleet.Rewards.Math;

namespace Fleet.Benchmarks;

/// <summary>What the hardest answers that can be written cost: processor time of one comparison, least of five, on either side and on both.</summary>
internal static class MathWorstCases
{
    private const int Rounds = 5;
    private const int Shown = 6;

    private static readonly string[] Opposite = ["5", @"\sqrt{2}", @"\sin(1)+\sqrt{3}", "x+1", @"\{1,2,3\}"];

    private static readonly (string What, string Answer)[] Answers =
    [
        ("power tower", "9^{9^{9^{9^{9}}}}"),
        ("factorials of factorials", "((((9!)!)!)!)!"),
        ("factorial of a large number", "99999!"),
        ("a megabyte of braces", Repeat("{", 500_000) + Repeat("}", 500_000)),
        ("nested radicals", Repeat(@"\sqrt{1+", 1000) + "2" + Repeat("}", 1000)),
        ("100,000 digits", Repeat("7", 100_000)),
        ("open boxes", Repeat(@"\boxed{", 150_000)),
        ("nested fractions", Repeat(@"\frac{1}{1+", 800) + "1" + Repeat("}", 800)),
        ("sum of fractions", Sum(600, i => $@"\frac{{1}}{{{i}}}")),
        ("sum of sines", Sum(900, i => $@"\sin(\sqrt{{{i}}})")),
        ("sum of arctangents", Sum(500, i => $@"\arctan(\frac{{1}}{{{i}}})")),
        ("sum of exponentials", Sum(400, i => $@"e^{{\frac{{1}}{{{i}}}}}")),
        ("sums of sums", @"\sum_{k=1}^{2000}\sum_{j=1}^{2000}\frac{1}{k+j}"),
        ("sines of sums of sums", @"\sum_{k=1}^{400}\sum_{j=1}^{400}\sin(k+j)"),
        ("power of a matrix", @"\begin{pmatrix}x&2&y\\3&4&z\\a&b&c\end{pmatrix}^{16}"),
        ("power of a polynomial", "(x+y+z+1)^{60}"),
        ("product of sums of roots", Repeat(@"(\sqrt2+\sqrt3+\sqrt5)", 400)),
        ("binomials", @"\binom{2000}{1000}\binom{1999}{998}"),
        ("a long list", string.Join(',', Enumerable.Range(0, 5000))),
        ("a large set", @"\{" + string.Join(',', Enumerable.Range(0, 2000).Select(i => $@"\sqrt{{{i}}}")) + @"\}"),
        ("plus or minus", Repeat(@"1\pm 2,", 2000)),
    ];

    public static void Run()
    {
        var reward = new MathReward(RewardSettings.Default);
        var rows = Answers.SelectMany(answer => Opposite
            .SelectMany(opposite => new[] { (answer.What + ", answer", answer.Answer, opposite), (answer.What + ", gold", opposite, answer.Answer) })
            .Append((answer.What + ", both", answer.Answer + "+0", answer.Answer)));
        var times = new List<(double Milliseconds, string What)>();
        foreach (var (what, response, gold) in rows)
        {
            var rollout = new Rollout { Response = $@"\boxed{{{response}}}", GroundTruth = gold };
            var least = Enumerable.Range(0, Rounds).Min(_ => Measure(reward, rollout));
            times.Add((least, what));
        }

        Console.WriteLine($"worst cases, {times.Count} comparisons: the slowest, ms of processor time");
        foreach (var (milliseconds, what) in times.OrderByDescending(time => time.Milliseconds).Take(Shown))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-40} {milliseconds,6:F1}"));
        }
    }

    private static double Measure(MathReward reward, Rollout rollout)
    {
        var before = Environment.CpuUsage.TotalTime;
        reward.Score(rollout, new ScoringContext());
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }

    private static string Repeat(string part, int count) => string.Concat(Enumerable.Repeat(part, count));

    private static string Sum(int count, Func<int, string> term) => string.Join('+', Enumerable.Range(1, count).Select(term));
}
