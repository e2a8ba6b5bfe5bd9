using System.Buffers.Binary;
using System.Text;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Wire;

namespace Fleet.Unit.Tests.Contracts.Wire;

/// <summary>Whatever the bytes say, reading ends at once: with a batch, or with one sentence.</summary>
public sealed class HostileBytesTests
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("FLEET_LONG") == "1" ? 300_000 : 20_000;

    private static DataProto Mixed(int rows) => DataProto.Empty
        .With("responses", TokenColumn.Of([.. Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, row % 7).ToArray())], 8))
        .With("grid", Tensor.Of(Enumerable.Range(0, rows * 6).ToArray(), rows, 2, 3))
        .With("mask", Tensor.Of(Enumerable.Range(0, rows * 3).Select(i => i % 2 == 0).ToArray(), rows, 3))
        .With("zeros", Tensor.Zeros(DType.Float16, rows, 5))
        .With("scores", Tensor.Of(new double[rows]))
        .With("id", ValueColumn.OfText([.. Enumerable.Range(0, rows).Select(row => row % 3 == 0 ? null : $"row {row}")]))
        .With("ms", ValueColumn.OfNumbers([.. Enumerable.Range(0, rows).Select(row => (double?)row)]))
        .With("ok", ValueColumn.OfFlags([.. Enumerable.Range(0, rows).Select(row => (bool?)(row % 2 == 0))]))
        .With("detail", ValueColumn.OfJsonText([.. Enumerable.Range(0, rows).Select(row => $"[{row}]")]))
        .WithMeta(MetaInfo.Empty.With("global_step", 7));

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] bytes = BatchWriter.Write(Mixed(5));
        // Without its last 8 bytes, the mark of the end, the stream is still whole.
        for (int length = 0; length < bytes.Length - 8; length++)
        {
            byte[] truncated = bytes[..length];
            Assert.Throws<WireException>(() => BatchReader.Read(truncated));
        }

        Assert.Equal(5, BatchReader.Read(bytes.AsMemory(0, bytes.Length - 8)).Length);
    }

    [Theory]
    [InlineData(WireCompression.None)]
    [InlineData(WireCompression.Lz4)]
    [InlineData(WireCompression.Zstd)]
    public void Damaged_bytes_give_a_batch_or_one_sentence(WireCompression compression)
    {
        byte[] whole = BatchWriter.Write(Mixed(9), new WireOptions { Compression = compression });
        var random = new Random(11);
        int refused = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] bytes = Damage(whole, random);
            try
            {
                Touch(BatchReader.Read(bytes));
            }
            catch (FleetException fault)
            {
                refused++;
                Assert.False(fault.IsTransient);
            }
        }

        Assert.InRange(refused, Rounds / 20, Rounds);
    }

    [Fact]
    public void Reading_damaged_bytes_allocates_no_more_than_they_are_worth()
    {
        byte[] whole = BatchWriter.Write(Mixed(9));
        var random = new Random(12);
        for (int round = 0; round < Rounds / 10; round++)
        {
            byte[] bytes = Damage(whole, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                BatchReader.Read(bytes);
            }
            catch (FleetException)
            {
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    [Fact]
    public void A_version_that_is_unknown_is_named()
    {
        byte[] bytes = BatchWriter.Write(Mixed(1));
        bytes[Find(bytes, "fleet.version", "1")] = (byte)'7';

        Assert.Equal(
            "The batch is in wire format '7' and this program reads format 1: bring both ends to the same release of Fleet.",
            Assert.Throws<WireException>(() => BatchReader.Read(bytes)).Message);
    }

    [Fact]
    public void Bytes_of_another_kind_are_named()
    {
        Assert.Contains("they are empty", Refusal([]), StringComparison.Ordinal);
        Assert.Contains("begins with FF FF FF FF", Refusal("{\"rows\": []}"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("begins with FF FF FF FF", Refusal("ARROW1\0\0"u8.ToArray()), StringComparison.Ordinal);

        static string Refusal(byte[] bytes) => Assert.Throws<WireException>(() => BatchReader.Read(bytes)).Message;
    }

    [Fact]
    public void A_decompressed_length_that_lies_is_refused_before_it_is_allocated()
    {
        byte[] bytes = BatchWriter.Write(DataProto.Empty.With("t", Tensor.Of(new long[4096])), new WireOptions { Compression = WireCompression.Zstd });
        int at = bytes.AsSpan().IndexOf(BitConverter.GetBytes(4096L * 8));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), 1L << 40);

        Assert.Contains("is to become 1099511627776 bytes", Assert.Throws<WireException>(() => BatchReader.Read(bytes)).Message, StringComparison.Ordinal);
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        byte[] bytes = random.Next(4) == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
        for (int changes = random.Next(1, 4); changes > 0 && bytes.Length > 0; changes--)
        {
            int at = random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2 when at + 4 <= bytes.Length: BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at & ~3), Extreme(random)); break;
                case 3 when at + 8 <= bytes.Length: BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at & ~7), Extreme(random)); break;
            }
        }

        return bytes;
    }

    private static int Extreme(Random random) => random.Next(6) switch
    {
        0 => int.MaxValue,
        1 => int.MinValue,
        2 => -1,
        3 => 0,
        4 => random.Next(-64, 64),
        _ => random.Next(),
    };

    /// <summary>Looks at every value that can be read without making a tensor of it.</summary>
    private static void Touch(DataProto batch)
    {
        foreach (string key in batch.Keys)
        {
            for (int row = 0; row < Math.Min(batch.Length, 100); row++)
            {
                switch (batch[key])
                {
                    case ValueColumn values: _ = values.Text(row); break;
                    case TokenColumn tokens: _ = tokens.Row(row).Length; break;
                    case Tensor { IsZero: false } tensor: _ = tensor.Data.Span.Length; break;
                }
            }
        }
    }

    private static int Find(byte[] bytes, string key, string value)
    {
        int at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(key + "\0"));
        Assert.True(at >= 0);
        // Strings of a FlatBuffer stand near their keys: a length, then the text and a zero.
        for (int i = Math.Max(0, at - 64); i < bytes.Length - 5; i++)
        {
            if (bytes.AsSpan(i).StartsWith(new byte[] { (byte)value.Length, 0, 0, 0, (byte)value[0], 0 })) return i + 4;
        }

        throw new InvalidOperationException(key);
    }
}
