using CsCheck;
using Fleet.Contracts.Batches;
using Fleet.Dispatcher.Dispatch;

namespace Fleet.Unit.Tests.Dispatcher.Dispatch;

public sealed class PartCutsTests
{
    private const int MaxRows = 8;
    private const int MaxBytes = 40;

    [Fact]
    public void Parts_are_the_batch_again_and_only_a_single_row_is_larger_than_a_part() => Gen.Int[0, 60].Array[1, 50].Sample(lengths =>
    {
        var batch = DataProto.Of([], [new("text", ValueColumn.OfText([.. lengths.Select(length => new string('x', length))]))]);

        var parts = PartCuts.Of(batch, MaxRows, MaxBytes).ToList();

        Assert.True(DataProto.Concat(parts).ContentEquals(batch));
        Assert.All(parts, part => Assert.InRange(part.Length, 1, MaxRows));
        Assert.All(parts, part => Assert.True(part.Length == 1 || part.RowBytes().Sum() <= MaxBytes));
        // No part could have taken the first row of the next.
        foreach (var (part, next) in parts.Zip(parts.Skip(1)))
        {
            Assert.True(part.Length == MaxRows || part.RowBytes().Sum() + next.RowBytes()[0] > MaxBytes);
        }
    });
}
