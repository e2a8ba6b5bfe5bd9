using CsCheck;
using Fleet.Worker.Models.Network;

namespace Fleet.Models.Tests;

public class PassesTests
{
    private static int[][] Of(int[] lengths, int mostRows, long mostTokens = Passes.MostTokens, long mostPairs = Passes.MostPairs) =>
        [.. Passes.Of([.. lengths.Select(length => (length, 0))], mostRows, mostTokens, mostPairs)];

    [Fact]
    public void Short_rows_go_together_by_length() => Assert.Equal([[1, 3], [0, 2]], Of([9, 2, 9, 3], mostRows: 2));

    [Fact]
    public void Sixteen_long_rows_make_no_mask_of_gigabytes() =>
        Assert.All(Of([.. Enumerable.Range(0, 16).Select(i => 8_000 + i)], mostRows: 16), pass => Assert.Single(pass));

    [Fact]
    public void Rows_of_one_length_need_no_mask_so_only_their_tokens_count() =>
        Assert.Equal([4, 4, 4, 4], Of([.. Enumerable.Repeat(8_000, 16)], mostRows: 16).Select(pass => pass.Length));

    [Fact]
    public void What_is_to_come_takes_room_too() =>
        Assert.Equal([[0], [1, 2]], Passes.Of([(1, 90), (2, 10), (3, 10)], mostRows: 16, mostTokens: 100));

    [Fact]
    public void Every_row_goes_once_and_no_pass_of_several_is_beyond_the_limits() =>
        Gen.Int[1, 60].Array[0, 40].Sample(lengths =>
        {
            var passes = Of(lengths, mostRows: 5, mostTokens: 150, mostPairs: 3_000);
            Assert.Equal(Enumerable.Range(0, lengths.Length), passes.SelectMany(pass => pass).Order());
            foreach (var pass in passes.Where(pass => pass.Length > 1))
            {
                var own = pass.Select(row => lengths[row]).ToList();
                Assert.InRange(pass.Length, 2, 5);
                Assert.InRange(pass.Length * own.Max(), 1, 150);
                Assert.True(own.Min() == own.Max() || pass.Length * own.Max() * own.Max() <= 3_000);
            }
        });
}
