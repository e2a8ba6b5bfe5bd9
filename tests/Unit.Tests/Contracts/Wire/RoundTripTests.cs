using System.Buffers;
using CsCheck;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Wire;
using Fleet.Unit.Tests.Contracts.Batches;

namespace Fleet.Unit.Tests.Contracts.Wire;

public sealed class RoundTripTests
{
    [Fact]
    public void Reading_what_was_written_is_the_original() => Samples.Batch.Select(Gen.Int[0, 2]).Sample(
        (batch, compression) =>
            BatchReader.Read(BatchWriter.Write(batch, new WireOptions { Compression = (WireCompression)compression })).ContentEquals(batch),
        iter: 500, seed: "0000KOIPe036");

    [Fact]
    public void Parts_of_a_batch_are_written_as_if_they_stood_alone() => Samples.Batch.Select(Gen.Int[0, 9], Gen.Int[0, 9]).Sample(
        (batch, start, stop) =>
        {
            var part = BatchReader.Read(BatchWriter.Write(batch)).Slice(start, stop);
            return BatchReader.Read(BatchWriter.Write(part)).ContentEquals(batch.Slice(start, stop));
        },
        iter: 500, seed: "0000KOIPe036");

    [Fact]
    public void Operations_on_a_batch_from_the_wire_are_those_of_the_original() => Samples.Batch.Select(Samples.Batch).Sample(
        (first, second) =>
        {
            second = second.Length == 0 ? first : DataProto.FromSingleDict(
                second.Keys.Where(key => second[key] is ValueColumn).Select(key => KeyValuePair.Create(key, second[key])), second.MetaInfo);
            first = DataProto.FromSingleDict(second.Keys.Select(key => KeyValuePair.Create(key, first[key])), first.MetaInfo);
            var (readFirst, readSecond) = (BatchReader.Read(BatchWriter.Write(first)), BatchReader.Read(BatchWriter.Write(second)));
            int[] rows = [.. Enumerable.Range(0, first.Length).Reverse().Concat(Enumerable.Range(0, first.Length))];
            return readFirst.SelectIdxs(rows).ContentEquals(first.SelectIdxs(rows))
                && DataProto.Concat([readFirst, second, readSecond]).ContentEquals(DataProto.Concat([first, second, second]));
        },
        iter: 500, seed: "0000KOIPe036");

    [Fact]
    public void A_message_without_columns_keeps_what_it_says()
    {
        var read = BatchReader.Read(BatchWriter.Write(DataProto.Empty.WithMeta(MetaInfo.Empty.With("path", "é").With("deep", new[] { new[] { 1 } }))));

        Assert.True(read.IsMetaOnly);
        Assert.Equal("é", read.MetaInfo["path"].GetString());
        Assert.Equal("[[1]]", read.MetaInfo["deep"].GetRawText());
    }

    [Fact]
    public void Zeros_take_no_room()
    {
        var zeros = DataProto.Empty.With("token_level_rewards", Tensor.Zeros(DType.Float16, 256, 8192));
        byte[] bytes = BatchWriter.Write(zeros);

        Assert.InRange(bytes.Length, 100, 1000);
        var read = (Tensor)BatchReader.Read(bytes)["token_level_rewards"];
        Assert.True(read.IsZero);
        Assert.Equal([256, 8192], read.Shape);
    }

    [Fact]
    public void Large_buffers_are_not_copied()
    {
        byte[] bytes = BatchWriter.Write(DataProto.Empty
            .With("grid", Tensor.Of(new long[1000], 2, 500)).With("responses", TokenColumn.Of([[1, 2, 77777], [4]])));
        var read = BatchReader.Read(bytes);

        Assert.True(bytes.AsSpan().Overlaps(((Tensor)read["grid"]).Data.Span));
        Assert.True(bytes.AsSpan().Overlaps(System.Runtime.InteropServices.MemoryMarshal.AsBytes(((TokenColumn)read["responses"]).Row(1))));
    }

    [Fact]
    public void Every_way_of_writing_writes_the_same()
    {
        var batch = Samples.Five().WithMeta(MetaInfo.Empty.With("global_step", 1));
        byte[] bytes = BatchWriter.Write(batch);
        using var stream = new MemoryStream();
        stream.WriteByte(7);
        BatchWriter.Write(batch, stream);
        var buffer = new ArrayBufferWriter<byte>();
        BatchWriter.Write(batch, buffer);

        Assert.Equal(bytes, stream.ToArray()[1..]);
        Assert.Equal(bytes, buffer.WrittenSpan.ToArray());
    }

    [Fact]
    public void A_batch_may_begin_at_any_byte()
    {
        byte[] bytes = BatchWriter.Write(Samples.Five());
        for (int shift = 0; shift < 8; shift++)
        {
            byte[] shifted = [.. new byte[shift], .. bytes];
            Assert.True(BatchReader.Read(shifted.AsMemory(shift)).ContentEquals(Samples.Five()));
        }
    }

    [Fact]
    public void Halves_of_surrogate_pairs_become_the_replacement_character()
    {
        var read = BatchReader.Read(BatchWriter.Write(DataProto.Empty.With("t", ValueColumn.OfText(["a\ud83d"]))));

        Assert.Equal("a\ufffd", read.NonTensorBatch["t"].Text(0));
    }
}
