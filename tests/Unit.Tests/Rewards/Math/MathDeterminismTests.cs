using System.Globalization;
using System.Text;
using Fleet.Rewards;
using Fleet.Rewards.Math;
using Fleet.Unit.Tests.Rewards.Math.Answers;

namespace Fleet.Unit.Tests.Rewards.Math;

/// <summary>The same rows give the same bytes, whatever runs beside them and wherever the machine stands.</summary>
public sealed class MathDeterminismTests
{
    private static readonly (string Gold, string Response)[] Rows =
    [
        .. ResponsesTests.Honest().Concat(ResponsesTests.Hedged()).Select(row => (row.Data.Item1, row.Data.Item2)),
        .. NumbersAndUnitsTests.Equal().Concat(AlgebraTests.Equal()).Concat(SetsAndIntervalsTests.Different()).Select(row => (row.Data.Item1, $"\\boxed{{{row.Data.Item2}}}")),
    ];

    // Decimal commas, groups with points and another minus: what a machine in another country would print and read.
    private static CultureInfo Foreign()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "−";
        return culture;
    }

    private static string Line((string Gold, string Response) row)
    {
        var context = new ScoringContext { Explanation = new Explanation() };
        var score = new MathReward(RewardSettings.Default).Score(new Rollout { Response = row.Response, GroundTruth = row.Gold, Prompt = "" }, context);
        var steps = string.Join(" | ", context.Explanation.Steps.Select(s => $"{s.Step}: {s.What}"));
        return string.Create(CultureInfo.InvariantCulture, $"{score.Score} {score.Reward} {score.Reason.Code} {score.Reason.Sentence} {score.Detail?.ToJsonString()} {steps}\n");
    }

    private static byte[] Score(int threads, CultureInfo culture)
    {
        var lines = new string[Rows.Length];
        var next = -1;
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
            for (var i = Interlocked.Increment(ref next); i < Rows.Length; i = Interlocked.Increment(ref next)) lines[i] = Line(Rows[i]);
        })).ToArray();
        foreach (var worker in workers) worker.Start();
        foreach (var worker in workers) worker.Join();
        return Encoding.UTF8.GetBytes(string.Concat(lines));
    }

    [Fact]
    public void Two_threads_sixteen_threads_and_a_foreign_culture_give_the_same_bytes()
    {
        var two = Score(2, CultureInfo.InvariantCulture);

        Assert.Equal(two, Score(16, CultureInfo.InvariantCulture));
        Assert.Equal(two, Score(2, Foreign()));
    }
}
