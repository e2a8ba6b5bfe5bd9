using System.Text.Json;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Fleet.Contracts;
using Fleet.Contracts.Wire;
using Fleet.Dispatcher.Rollouts;
using Parquet;

namespace Fleet.Unit.Tests.Dispatcher.Rollouts.Columnar;

public sealed class RolloutFileTests : IDisposable
{
    private const int MaxRowBytes = 1 << 20;
    private const int Samples = 200;

    private static readonly SampleTable Rollouts = new(
        [
            ("id", SampleType.Text), ("domain", SampleType.Text), ("response", SampleType.Text), ("ground_truth", SampleType.Text),
            ("response_ids", SampleType.ListOf(SampleType.Whole)), ("messages", SampleType.ListOf(SampleType.StructOf(("role", SampleType.Text), ("content", SampleType.Text)))),
        ],
        [.. Enumerable.Range(0, 40).Select(i => JsonNode.Parse($$"""
            {"id": "r{{i}}", "domain": "math_rule", "response": "\\boxed{ {{i}} }", "ground_truth": "7", "response_ids": [1, {{i}}], "messages": [{"role": "user", "content": "How many, {{i}}?"}]}
            """)!.AsObject())]);

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_same_rows_are_the_same_in_parquet()
    {
        for (var seed = 0; seed < Samples; seed++)
        {
            var table = SampleTable.Any(seed);
            var path = Path.Combine(_folder, $"{seed}.parquet");
            await using (var file = File.Create(path)) await ParquetSample.WriteAsync(table, file, groupRows: 1 + (seed % 5), (CompressionMethod)(seed % 3));
            AssertSame(table, await ReadAsync(path));
        }
    }

    [Fact]
    public async Task The_same_rows_are_the_same_in_every_form_of_arrow()
    {
        for (var seed = 0; seed < Samples; seed++)
        {
            var table = SampleTable.Any(seed);
            var random = new Random(seed);
            var style = new ArrowStyle(
                random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0, random.Next(1, 8),
                random.Next(3) switch { 0 => CompressionCodecType.Lz4Frame, 1 => CompressionCodecType.Zstd, _ => null });
            AssertSame(table, await ReadAsync(WriteArrow(table, style)));
        }
    }

    [Fact]
    public async Task Rows_of_our_own_wire_format_are_the_rows_that_made_the_batch()
    {
        var rows = Rollouts.Lines.Select((line, i) => Row.Of(i + 1, JsonDocument.Parse(line).RootElement, line.Length, MaxRowBytes)).ToList();
        var path = Path.Combine(_folder, "batch.arrow");
        await File.WriteAllBytesAsync(path, BatchWriter.Write(RowBatch.Of(rows)));

        AssertSame(Rollouts, await ReadAsync(path));
    }

    [Fact]
    public async Task Lists_of_a_fixed_size_and_narrow_numbers_are_lists_and_numbers()
    {
        var ids = new Int32Array.Builder().AppendRange([1, 2, 3, 4]).Build();
        var type = new FixedSizeListType(new Field("item", Int32Type.Default, nullable: false), 2);
        var lists = new FixedSizeListArray(type, 2, ids, ArrowBuffer.Empty);
        var counts = new UInt8Array.Builder().AppendRange([7, 255]).Build();
        var halves = new FloatArray.Builder().AppendRange([0.1f, float.NaN]).Build();
        var schema = new Schema([new Field("response_ids", type, true), new Field("n", UInt8Type.Default, true), new Field("x", FloatType.Default, true)], null);
        var path = Path.Combine(_folder, "fixed.arrow");
        await using (var file = File.Create(path))
        {
            using var writer = new ArrowFileWriter(file, schema);
            await writer.WriteRecordBatchAsync(new RecordBatch(schema, [lists, counts, halves], 2));
            await writer.WriteEndAsync();
        }

        Assert.Equal(["""{"response_ids":[1,2],"n":7,"x":0.1}""", """{"response_ids":[3,4],"n":255,"x":null}"""], (await ReadAsync(path)).Select(row => row.Json.GetRawText()));
    }

    [Theory]
    [InlineData(".parquet")]
    [InlineData(".arrow")]
    public async Task A_row_that_is_too_large_costs_itself_alone_and_keeps_its_id(string ending)
    {
        var path = await WriteAsync(Rollouts, ending);

        var rows = await ReadAsync(path, maxRowBytes: 150);

        Assert.Equal(40, rows.Count);
        Assert.All(rows, row => Assert.Equal("row_too_large", row.Problem!.Code));
        Assert.Equal(Rollouts.Rows.Select(row => (string)row["id"]!), rows.Select(row => row.Id.GetString()!));
    }

    [Theory]
    [InlineData(".parquet")]
    [InlineData(".arrow")]
    public async Task Ids_that_are_none_make_their_row_invalid(string ending)
    {
        var table = new SampleTable(
            [("response_ids", SampleType.ListOf(SampleType.Whole))],
            [.. new[] { "[1, 2]", "[1, null]", "[-1]", "[2147483648]", "[]" }.Select(ids => JsonNode.Parse($"{{\"response_ids\": {ids}}}")!.AsObject())]);

        var rows = await ReadAsync(await WriteAsync(table, ending));

        Assert.Equal([null, "wrong_type", "wrong_type", "wrong_type", null], rows.Select(row => row.Problem?.Code));
        Assert.Equal([1, 2, 3, 4, 5], rows.Select(row => row.Number));
    }

    [Theory]
    [InlineData(".parquet")]
    [InlineData(".arrow")]
    public async Task A_text_of_messages_that_cannot_be_read_costs_its_row_alone(string ending)
    {
        string[] messages = ["""[{"role": "user", "content": "\ud83d"}]""", new string('[', 64) + new string(']', 64), """[{"role": "user", "content": "q"}]"""];
        var table = new SampleTable(
            [("id", SampleType.Text), ("response", SampleType.Text), ("messages", SampleType.Text)],
            [.. messages.Select((text, i) => new JsonObject { ["id"] = $"r{i}", ["response"] = "a", ["messages"] = text })]);

        var rows = await ReadAsync(await WriteAsync(table, ending));

        Assert.Equal([null, "broken_row", null], rows.Select(row => row.Problem?.Code));
        Assert.Equal(["r0", "r1", "r2"], rows.Select(row => row.Id.GetString()));
        Assert.Equal("\uFFFD", rows[0].Value("messages")!.Value[0].GetProperty("content").GetString());
    }

    [Fact]
    public async Task A_broken_cell_makes_its_row_invalid_and_no_other()
    {
        // The second text says that it ends before it begins.
        var texts = new StringArray(new ArrayData(StringType.Default, 3, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer.Builder<int>().AppendRange([0, 2, -9, 3]).Build(), new ArrowBuffer("abc"u8.ToArray())]));
        var ids = new Int64Array.Builder().AppendRange([1, 2, 3]).Build();
        var schema = new Schema([new Field("id", Int64Type.Default, true), new Field("response", StringType.Default, true)], null);
        var path = Path.Combine(_folder, "cell.arrow");
        await using (var file = File.Create(path))
        {
            using var writer = new ArrowStreamWriter(file, schema);
            await writer.WriteRecordBatchAsync(new RecordBatch(schema, [ids, texts], 3));
            await writer.WriteEndAsync();
        }

        var rows = await ReadAsync(path);

        Assert.Equal([1, 2, 3], rows.Select(row => row.Id.GetInt64()));
        Assert.Equal([null, "broken_cell", "broken_cell"], rows.Select(row => row.Problem?.Code));
        Assert.Contains("column 'response' of row 2", rows[1].Problem!.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".parquet", "", "is no Parquet file: it begins with nothing")]
    [InlineData(".parquet", "{\"id\": 1}", "begins with '{\"id\": 1}' instead of PAR1")]
    [InlineData(".parquet", "PAR1", "ends in the middle")]
    [InlineData(".parquet", "PAR1 and no footer at all", "ends in the middle")]
    [InlineData(".parquet", "PAR1.............PAR1", "footer of")]
    [InlineData(".arrow", "", "is no Arrow file: it begins with nothing")]
    [InlineData(".arrow", "PAR1....", "begins with 'PAR1....'")]
    [InlineData(".arrow", "ARROW1\0\0", "schema of")]
    public async Task A_file_that_is_not_what_its_name_says_is_one_sentence(string ending, string content, string sentence)
    {
        var path = Path.Combine(_folder, "wrong" + ending);
        await File.WriteAllTextAsync(path, content);

        var refused = await Assert.ThrowsAsync<FleetException>(() => ReadAsync(path));

        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.False(refused.IsTransient);
    }

    [Theory]
    [InlineData(".parquet", "row group 3 of 4")]
    [InlineData(".arrow", "Record batch 3")]
    public async Task The_rows_before_a_damaged_part_are_read(string ending, string part)
    {
        var path = await WriteAsync(Rollouts, ending, partRows: 10);
        var bytes = await File.ReadAllBytesAsync(path);
        if (ending == ".arrow")
        {
            bytes = bytes[..(int)(bytes.Length * 0.6)];
        }
        else
        {
            // The third row group is as long as the others; its pages are somewhere past the half.
            var (start, end) = ((int)(bytes.Length * 0.45), (int)(bytes.Length * 0.55));
            bytes.AsSpan(start..end).Fill(0xEE);
        }

        await File.WriteAllBytesAsync(path, bytes);
        var rows = new List<Row>();
        var damaged = await Assert.ThrowsAsync<FleetException>(async () =>
        {
            await using var file = await RolloutFile.OpenAsync(path, CancellationToken.None);
            await foreach (var row in file.ReadAsync(MaxRowBytes, CancellationToken.None)) rows.Add(row);
        });

        Assert.Contains(part, damaged.Message, StringComparison.Ordinal);
        Assert.Equal(20, rows.Count);
    }

    [Theory]
    [InlineData(".parquet")]
    [InlineData(".arrow")]
    [InlineData(".file.arrow")]
    public async Task Whatever_bytes_are_changed_reading_gives_rows_or_one_sentence(string ending)
    {
        var whole = await File.ReadAllBytesAsync(await WriteAsync(Rollouts, ending, partRows: 10));
        var random = new Random(7);
        for (var i = 0; i < (Environment.GetEnvironmentVariable("FLEET_LONG") == "1" ? 5000 : 150); i++)
        {
            var bytes = random.Next(4) == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (var change = random.Next(6); change > 0 && bytes.Length > 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var path = Path.Combine(_folder, "changed" + ending);
            await File.WriteAllBytesAsync(path, bytes);

            var fault = await Record.ExceptionAsync(() => ReadAsync(path).WaitAsync(TimeSpan.FromSeconds(60)));
            Assert.True(fault is null or FleetException, $"change {i}: {fault}");
        }
    }

    private async Task<string> WriteAsync(SampleTable table, string ending, int partRows = int.MaxValue)
    {
        if (ending != ".parquet") return WriteArrow(table, new ArrowStyle(ending == ".file.arrow", BatchRows: partRows));
        var path = Path.Combine(_folder, "rows.parquet");
        await using var file = File.Create(path);
        await ParquetSample.WriteAsync(table, file, partRows, CompressionMethod.None);
        return path;
    }

    private string WriteArrow(SampleTable table, ArrowStyle style)
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.arrow");
        using var file = File.Create(path);
        ArrowSample.Write(table, file, style);
        return path;
    }

    private static async Task<List<Row>> ReadAsync(string path, int maxRowBytes = MaxRowBytes)
    {
        await using var file = await RolloutFile.OpenAsync(path, CancellationToken.None);
        var rows = new List<Row>();
        await foreach (var row in file.ReadAsync(maxRowBytes, CancellationToken.None)) rows.Add(row);
        return rows;
    }

    private static void AssertSame(SampleTable table, List<Row> rows)
    {
        Assert.Equal(table.Rows.Count, rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            Assert.Equal(i + 1, rows[i].Number);
            Assert.True(rows[i].Problem is null or { Code: "missing_column" }, $"row {i + 1}: {table.Lines[i]} has the problem {rows[i].Problem?.Sentence}");
            Assert.True(JsonNode.DeepEquals(table.Rows[i], JsonNode.Parse(rows[i].Json.GetRawText())), $"row {i + 1}: {table.Lines[i]} became {rows[i].Json.GetRawText()}");
        }
    }
}
