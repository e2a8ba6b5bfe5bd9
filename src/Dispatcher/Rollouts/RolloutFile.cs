using Fleet.Contracts;
using Fleet.Dispatcher.Rollouts.Columnar;

namespace Fleet.Dispatcher.Rollouts;

/// <summary>A file of rows, whatever its format: JSON lines, Parquet or Arrow. The same rows are the same rows in each of them.</summary>
public abstract class RolloutFile : IAsyncDisposable
{
    private const int ShownBytes = 16;

    private protected RolloutFile() { }

    /// <summary>Opens a file by the ending of its name; <c>-</c> is JSON lines from standard input.</summary>
    /// <exception cref="FleetException">There is no such file, or it is not what its name says.</exception>
    public static async Task<RolloutFile> OpenAsync(string path, CancellationToken cancellation) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".parquet" => await ParquetRows.OpenAsync(path, cancellation),
        ".arrow" or ".arrows" or ".feather" or ".ipc" => await ArrowRows.OpenAsync(path, cancellation),
        _ => new JsonLines(RolloutReader.Open(path)),
    };

    /// <summary>The rows in order, read as they are asked for. A row that cannot be read is a row with a problem, not the end.</summary>
    /// <param name="maxRowBytes">A larger row, as JSON, is a row with a problem.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="FleetException">The file is damaged further on.</exception>
    public abstract IAsyncEnumerable<Row> ReadAsync(int maxRowBytes, CancellationToken cancellation);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>What a file begins with, for sentences about files that are not what they should be.</summary>
    private protected static string Shown(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty) return "nothing";
        head = head[..Math.Min(ShownBytes, head.Length)];
        foreach (var value in head)
        {
            if (value is < 0x20 or > 0x7E) return "the bytes " + Convert.ToHexString(head);
        }

        return $"'{System.Text.Encoding.ASCII.GetString(head)}'";
    }

    private sealed class JsonLines(Stream stream) : RolloutFile
    {
        public override IAsyncEnumerable<Row> ReadAsync(int maxRowBytes, CancellationToken cancellation) => RolloutReader.ReadAsync(stream, maxRowBytes, cancellation);

        public override ValueTask DisposeAsync() => stream.DisposeAsync();
    }
}
