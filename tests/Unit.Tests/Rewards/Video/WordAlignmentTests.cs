using CsCheck;
using Fleet.Rewards.Video;

namespace Fleet.Unit.Tests.Rewards.Video;

public sealed class WordAlignmentTests
{
    private static readonly Gen<(int[] First, int[] Second)> TwoRows = Gen.Select(Gen.Int[0, 4].Array[0, 200], Gen.Int[0, 4].Array[0, 200]);

    [Fact]
    public void Edit_distance_is_that_of_the_table() =>
        TwoRows.Sample((first, second) => WordAlignment.EditDistance(first, second) == TableDistance(first, second));

    [Fact]
    public void Common_subsequence_is_that_of_the_table() =>
        TwoRows.Sample((first, second) => WordAlignment.CommonSubsequence(first, second) == TableSubsequence(first, second));

    private static int TableDistance(int[] first, int[] second)
    {
        var row = Enumerable.Range(0, second.Length + 1).ToArray();
        for (var i = 1; i <= first.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= second.Length; j++)
            {
                var above = row[j];
                row[j] = System.Math.Min(System.Math.Min(row[j], row[j - 1]) + 1, diagonal + (first[i - 1] == second[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[second.Length];
    }

    private static int TableSubsequence(int[] first, int[] second)
    {
        var table = new int[first.Length + 1, second.Length + 1];
        for (var i = 1; i <= first.Length; i++)
        {
            for (var j = 1; j <= second.Length; j++)
                table[i, j] = first[i - 1] == second[j - 1] ? table[i - 1, j - 1] + 1 : System.Math.Max(table[i - 1, j], table[i, j - 1]);
        }

        return table[first.Length, second.Length];
    }
}
