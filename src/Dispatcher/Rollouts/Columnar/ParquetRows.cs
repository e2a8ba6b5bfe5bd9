using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Fleet.Contracts;
using Parquet;
using Parquet.Schema;

namespace Fleet.Dispatcher.Rollouts.Columnar;

/// <summary>The rows of a Parquet file, read a row group at a time.</summary>
internal sealed class ParquetRows : RolloutFile
{
    private const int SmallestFile = 12;

    private readonly string _path;
    private readonly ParquetReader _reader;
    private readonly FileStream _file;

    private ParquetRows(string path, FileStream file, ParquetReader reader) => (_path, _file, _reader) = (path, file, reader);

    private static ReadOnlySpan<byte> Mark => "PAR1"u8;

    /// <summary>Opens a file and reads what it says of its columns.</summary>
    /// <exception cref="FleetException">It is no Parquet file, or not a whole one.</exception>
    public static new async Task<ParquetRows> OpenAsync(string path, CancellationToken cancellation)
    {
        var file = RolloutReader.OpenFile(path, FileOptions.RandomAccess);
        try
        {
            CheckMarks(path, file);
            return new ParquetRows(path, file, await ParquetReader.CreateAsync(file, leaveStreamOpen: true, cancellationToken: cancellation));
        }
        catch (Exception broken) when (IsDamage(broken))
        {
            await file.DisposeAsync();
            throw new FleetException($"The footer of '{path}' is damaged, or encrypted ({broken.Message}); it tells what columns a Parquet file has. Write the file again.", inner: broken);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Row> ReadAsync(int maxRowBytes, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var text = new RowText(maxRowBytes);
        var number = 0L;
        for (var group = 0; group < _reader.RowGroupCount; group++)
        {
            using var rows = await ReadGroupAsync(group, cancellation);
            for (var row = 0L; row < rows.Count; row++)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return Read(text, rows, group, ++number);
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _file.DisposeAsync();
    }

    private async Task<RowGroup> ReadGroupAsync(int group, CancellationToken cancellation)
    {
        var leaves = new Dictionary<FieldPath, ParquetLeaf>();
        FieldPath? at = null;
        try
        {
            using var reader = _reader.OpenRowGroupReader(group);
            foreach (var field in _reader.Schema.DataFields)
            {
                at = field.Path;
                leaves[at] = ParquetLeaf.Of(field, await reader.ReadRawColumnDataBaseAsync(field, cancellation));
            }

            at = null;

            return new RowGroup(reader.RowCount, [.. _reader.Schema.Fields.Select(field => ParquetColumn.Of(field, leaf => leaves[leaf.Path]))], [.. leaves.Values]);
        }
        catch (Exception broken) when (IsDamage(broken))
        {
            foreach (var leaf in leaves.Values) leaf.Dispose();
            throw Damaged(at is null ? "" : $"the column '{at}' of ", group, broken);
        }
    }

    private Row Read(RowText text, RowGroup rows, int group, long number)
    {
        try
        {
            return text.Build(number, rows.WriteNext);
        }
        catch (Exception broken) when (IsDamage(broken))
        {
            throw Damaged("", group, broken);
        }
    }

    private FleetException Damaged(string column, int group, Exception broken) => new(
        $"In '{_path}', {column}row group {group + 1} of {_reader.RowGroupCount} cannot be read ({broken.Message}); the rows before it were scored. Write the file again, with a common compression (Snappy, Zstandard, gzip) and without columns of rare types.",
        inner: broken);

    // The library has exceptions of many kinds for bytes that are not what they should be.
    private static bool IsDamage(Exception broken) => broken is not (FleetException or OperationCanceledException or OutOfMemoryException);

    private static void CheckMarks(string path, FileStream file)
    {
        Span<byte> head = stackalloc byte[SmallestFile];
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (!head.StartsWith(Mark))
        {
            throw new FleetException($"'{path}' is no Parquet file: it begins with {Shown(head)} instead of PAR1. Give a file of JSON lines the ending .jsonl and an Arrow file the ending .arrow.");
        }

        // The footer is a struct, which ends with a zero; then come its length and the mark.
        Span<byte> tail = stackalloc byte[9];
        file.Seek(Math.Max(0, file.Length - tail.Length), SeekOrigin.Begin);
        if (head.Length < SmallestFile || file.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false) < tail.Length || !tail.EndsWith(Mark))
        {
            throw new FleetException($"'{path}' ends in the middle: a Parquet file ends with PAR1, and this one with {Shown(tail[^4..])}. Copy or write it again.");
        }

        // The library reads on for ever behind a footer that has no end.
        if (tail[0] != 0 || BinaryPrimitives.ReadInt32LittleEndian(tail[1..]) is var length && (length <= 0 || length > file.Length - SmallestFile))
        {
            throw new FleetException($"The footer of '{path}' is damaged: it does not end where its length says. Copy or write the file again.");
        }
    }

    private sealed class RowGroup(long count, ParquetColumn[] columns, ParquetLeaf[] leaves) : IDisposable
    {
        public long Count => count;

        public void WriteNext(Utf8JsonWriter json)
        {
            foreach (var column in columns) column.WriteMember(json);
            foreach (var leaf in leaves) leaf.EndRow();
        }

        public void Dispose()
        {
            foreach (var leaf in leaves) leaf.Dispose();
        }
    }
}
