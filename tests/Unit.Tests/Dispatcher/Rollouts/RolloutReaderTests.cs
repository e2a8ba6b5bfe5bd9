using System.IO.Compression;
using System.Text;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Dispatcher.Rollouts;

namespace Fleet.Unit.Tests.Dispatcher.Rollouts;

public sealed class RolloutReaderTests
{
    private const int MaxRowBytes = 4 * 1024 * 1024;
    private const string Good = """{"id": 1, "response": "a"}""";

    [Fact]
    public async Task Lines_are_rows_by_their_number_in_the_file()
    {
        var rows = await ReadAsync($"{Good}\n\n   \r\n{Good}\r\n{Good}");

        Assert.Equal([1, 4, 5], rows.Select(row => row.Number));
        Assert.All(rows, row => Assert.Null(row.Problem));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\uFEFF")]
    [InlineData(" \n\t\n")]
    public async Task Nothing_is_no_row(string text) => Assert.Empty(await ReadAsync(text));

    [Fact]
    public async Task A_byte_order_mark_is_not_part_of_the_first_row()
    {
        var row = Assert.Single(await ReadAsync("\uFEFF" + Good));
        Assert.Null(row.Problem);
        Assert.Equal("a", row.Text("response"));
    }

    [Theory]
    [InlineData("""{"id": 2, "response": """)]
    [InlineData("not json")]
    [InlineData("""{"id": 1} {"id": 2}""")]
    [InlineData("{'id': 1}")]
    [InlineData("\0")]
    public async Task A_broken_line_is_one_row_with_its_line_number(string line)
    {
        var rows = await ReadAsync($"{Good}\n{line}\n{Good}\n");

        Assert.Equal([null, "broken_line", null], rows.Select(row => row.Problem?.Code));
        Assert.StartsWith("Line 2 is no JSON: ", rows[1].Problem!.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber: 0", rows[1].Problem!.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]", "list")]
    [InlineData("3", "number")]
    [InlineData("true", "boolean")]
    public async Task A_line_that_is_no_object_says_what_it_is(string line, string kind)
    {
        var row = Assert.Single(await ReadAsync(line));
        Assert.Equal("not_an_object", row.Problem!.Code);
        Assert.Contains(kind, row.Problem.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_too_deep_is_a_broken_line() =>
        Assert.Equal("broken_line", Assert.Single(await ReadAsync(new string('[', 5000) + new string(']', 5000))).Problem!.Code);

    [Theory]
    [InlineData(50 * 1024 * 1024)]
    [InlineData(MaxRowBytes)]
    public async Task A_row_that_is_too_large_is_skipped_and_the_next_ones_are_read(int size)
    {
        var rows = await ReadAsync($"{Good}\n{{\"id\": 2, \"response\": \"{new string('x', size)}\"}}\n{Good}\n{Good}");

        Assert.Equal([1, 2, 3, 4], rows.Select(row => row.Number));
        Assert.Equal([null, "row_too_large", null, null], rows.Select(row => row.Problem?.Code));
        Assert.Contains((size + 25).ToString("N0", System.Globalization.CultureInfo.InvariantCulture), rows[1].Problem!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_row_at_the_end_of_the_file_is_a_row_too() =>
        Assert.Equal([null, "row_too_large"], (await ReadAsync($"{Good}\n{{\"response\": \"{new string('x', 2 * MaxRowBytes)}\"}}")).Select(row => row.Problem?.Code));

    [Theory]
    [InlineData("""a\ud800b""", "a\uFFFDb")]
    [InlineData("""\udc00\ud800""", "\uFFFD\uFFFD")]
    [InlineData("""\ud800\ud83d\ude00""", "\uFFFD😀")]
    [InlineData("""\ud83d\ude00""", "😀")]
    [InlineData("""\\ud800""", @"\ud800")]
    [InlineData("""\\\ud800""", "\\\uFFFD")]
    [InlineData("""\uD83D\u0041""", "\uFFFDA")]
    public async Task Half_a_surrogate_pair_costs_a_character(string escaped, string expected)
    {
        var row = Assert.Single(await ReadAsync($$$"""{"id": "{{{escaped}}}", "response": "{{{escaped}}}", "{{{escaped}}}": {"deep": "{{{escaped}}}"} }"""));

        Assert.Null(row.Problem);
        Assert.Equal(expected, row.Text("response"));
        Assert.Equal(expected, row.Id.GetString());
        Assert.Equal(expected, row.Json.EnumerateObject().Last().Name);
        // Every column survives being put into a batch and read again.
        var batch = RowBatch.Of([row]);
        Assert.Equal(expected, batch.NonTensorBatch[BatchKeys.ResponseText].Text(0));
        Assert.Equal(expected, batch.NonTensorBatch[expected].Json(0)!.Value.GetProperty("deep").GetString());
    }

    [Fact]
    public async Task Bytes_that_are_no_text_cost_a_character()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"response": "aXb", "domain": "X"}""").Select(value => value == (byte)'X' ? (byte)0xFF : value).ToArray();

        var row = Assert.Single(await ReadAsync(bytes));

        Assert.Equal(("a\uFFFDb", "\uFFFD"), (row.Text("response"), row.Domain));
    }

    [Theory]
    [InlineData(".jsonl")]
    [InlineData(".jsonl.gz")]
    [InlineData(".jsonl.zst")]
    public async Task A_file_is_read_by_its_ending(string ending)
    {
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ending);
        try
        {
            await using (var file = File.Create(path))
            {
                await using Stream writer = ending.EndsWith("gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest)
                    : ending.EndsWith("zst", StringComparison.Ordinal) ? new ZstdSharp.CompressionStream(file)
                    : file;
                await writer.WriteAsync(Encoding.UTF8.GetBytes($"{Good}\n{Good}"));
            }

            await using var stream = RolloutReader.Open(path);
            Assert.Equal(2, (await ReadAsync(stream)).Count);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_file_that_ends_in_the_middle_says_so_after_its_rows()
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.NoCompression, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Good + "\n", 20_000))));
        }

        await using var cut = new GZipStream(new MemoryStream(compressed.ToArray()[..300_000]), CompressionMode.Decompress);
        var rows = 0;
        var damaged = await Record.ExceptionAsync(async () =>
        {
            await foreach (var _ in RolloutReader.ReadAsync(cut, MaxRowBytes, CancellationToken.None)) rows++;
        });

        Assert.InRange(rows, 1, 19_999);
        Assert.Contains("damaged", Assert.IsType<FleetException>(damaged).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_one_sentence() => Assert.Contains(
        "There is no file '/no/such.jsonl'", Assert.Throws<FleetException>(() => RolloutReader.Open("/no/such.jsonl")).Message, StringComparison.Ordinal);

    private static Task<List<Row>> ReadAsync(string text) => ReadAsync(Encoding.UTF8.GetBytes(text));

    private static Task<List<Row>> ReadAsync(byte[] bytes) => ReadAsync(new MemoryStream(bytes));

    private static async Task<List<Row>> ReadAsync(Stream stream)
    {
        var rows = new List<Row>();
        await foreach (var row in RolloutReader.ReadAsync(stream, MaxRowBytes, CancellationToken.None)) rows.Add(row);
        return rows;
    }
}
