using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Fleet.Contracts;

namespace Fleet.Dispatcher.Rollouts;

/// <summary>Reads rows from JSON lines, plain, gzipped or with Zstandard: row by row, whatever the size of the file.</summary>
public static class RolloutReader
{
    private const byte LineFeed = (byte)'\n';

    // Longer lines are not kept in memory: their row is too large anyway.
    private const int Slack = 64 * 1024;

    /// <summary>Opens a file by its name; <c>-</c> is standard input.</summary>
    /// <exception cref="FleetException">There is no such file, or it cannot be read.</exception>
    public static Stream Open(string path)
    {
        if (path == "-") return Console.OpenStandardInput();
        var file = OpenFile(path, FileOptions.SequentialScan | FileOptions.Asynchronous);
        return Path.GetExtension(path) switch
        {
            ".gz" => new GZipStream(file, CompressionMode.Decompress),
            ".zst" => new ZstdSharp.DecompressionStream(file, leaveOpen: false),
            _ => file,
        };
    }

    /// <summary>Opens a file as it is.</summary>
    /// <exception cref="FleetException">There is no such file, or it cannot be read.</exception>
    internal static FileStream OpenFile(string path, FileOptions options)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, options);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FleetException($"There is no file '{path}'; give a .jsonl (also .gz and .zst), .parquet or .arrow file, or - for standard input.", inner: missing);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw new FleetException($"The file '{path}' cannot be read: {refused.Message}", inner: refused);
        }
    }

    /// <summary>The rows of a stream in order. A line that is no JSON object is a row with a problem, not the end.</summary>
    /// <param name="stream">JSON lines.</param>
    /// <param name="maxRowBytes">A longer line is a row with a problem; it is skipped without being kept in memory.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async IAsyncEnumerable<Row> ReadAsync(Stream stream, int maxRowBytes, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1 << 16, minimumReadSize: 1 << 12));
        var number = 0L;
        var skipped = 0L;
        var looked = 0L;
        while (true)
        {
            var read = await ReadAsync(pipe, cancellation);
            var buffer = read.Buffer;
            while (buffer.Slice(looked).PositionOf(LineFeed) is { } end)
            {
                var line = buffer.Slice(0, end);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                looked = 0;
                number++;
                if (Parse(line, number, skipped, maxRowBytes) is { } row) yield return row;
                skipped = 0;
            }

            looked = buffer.Length;
            if (read.IsCompleted)
            {
                if ((buffer.Length > 0 || skipped > 0) && Parse(buffer, ++number, skipped, maxRowBytes) is { } last) yield return last;
                await pipe.CompleteAsync();
                yield break;
            }

            if (buffer.Length > (long)maxRowBytes + Slack)
            {
                skipped += buffer.Length;
                buffer = buffer.Slice(buffer.End);
                looked = 0;
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static async ValueTask<ReadResult> ReadAsync(PipeReader pipe, CancellationToken cancellation)
    {
        try
        {
            return await pipe.ReadAsync(cancellation);
        }
        catch (Exception broken) when (broken is InvalidDataException or ZstdSharp.ZstdException or IOException)
        {
            throw new FleetException($"The input ends in the middle or is damaged ({broken.Message}); the rows before that point were scored.", inner: broken);
        }
    }

    private static Row? Parse(ReadOnlySequence<byte> line, long number, long skipped, int maxRowBytes)
    {
        if (skipped > 0)
        {
            return Row.Broken(number, RowProblem.TooLarge(skipped + line.Length, maxRowBytes));
        }

        // The document keeps the bytes for as long as the row lives, so they are its own.
        var bytes = line.ToArray();
        var content = bytes.AsMemory();
        if (number == 1 && content.Span.StartsWith("\uFEFF"u8)) content = content[3..];
        if (content.Span.IndexOfAnyExcept(" \t\r"u8) < 0) return null;
        content = WellFormed.Of(content);
        try
        {
            return Row.Of(number, JsonDocument.Parse(content).RootElement, bytes.Length, maxRowBytes);
        }
        catch (JsonException broken)
        {
            return Row.Broken(number, new RowProblem("broken_line", $"Line {number} is no JSON: {Clip(broken.Message)}"));
        }
    }

    private static string Clip(string message)
    {
        // The position that the parser gives is of the line itself and always says line 0.
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
