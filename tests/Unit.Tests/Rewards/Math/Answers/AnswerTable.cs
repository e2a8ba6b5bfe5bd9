using Fleet.Rewards.Math;

namespace Fleet.Unit.Tests.Rewards.Math.Answers;

/// <summary>Tables of answers: one pair a line, with a tilde between its parts; and what is claimed of a pair.</summary>
internal static class AnswerTable
{
    /// <summary>The pairs of a table; a return sign stands for a new line.</summary>
    public static TheoryData<string, string> Read(string table)
    {
        var rows = new TheoryData<string, string>();
        foreach (var line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.TrimEnd('\r').Split(" ~ ");
            rows.Add(parts[0], parts[1].Replace('⏎', '\n'));
        }

        return rows;
    }

    public static void AssertEqual(string gold, string prediction)
    {
        var verdict = MathVerifier.Verify(gold, prediction);
        Assert.True(verdict.Equal, Forms(verdict));
    }

    public static void AssertDifferent(string gold, string prediction)
    {
        var verdict = MathVerifier.Verify(gold, prediction);
        Assert.False(verdict.Equal, Forms(verdict));
    }

    private static string Forms(MathVerdict verdict) => $"{verdict.Reason}: {verdict.GoldForm} | {verdict.PredictionForm}";
}
