using System.Runtime.CompilerServices;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Wire;

namespace Fleet.Dispatcher.Rollouts.Columnar;

/// <summary>The rows of an Arrow file, in the form of a file or of a stream, read a record batch at a time; or those of a batch in our own wire format.</summary>
internal sealed class ArrowRows : RolloutFile
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly ArrowStreamReader _reader;
    private readonly Schema _schema;

    private ArrowRows(string path, FileStream file, ArrowStreamReader reader, Schema schema) => (_path, _file, _reader, _schema) = (path, file, reader, schema);

    private static ReadOnlySpan<byte> FileMark => "ARROW1"u8;

    private static ReadOnlySpan<byte> StreamMark => [0xFF, 0xFF, 0xFF, 0xFF];

    /// <summary>Opens a file and reads its schema.</summary>
    /// <exception cref="FleetException">It is no Arrow file, or not a whole one.</exception>
    public static new async Task<ArrowRows> OpenAsync(string path, CancellationToken cancellation)
    {
        var file = RolloutReader.OpenFile(path, FileOptions.None);
        try
        {
            var codecs = new CompressionCodecFactory();
            var reader = IsFile(path, file) ? new ArrowFileReader(file, allocator: null, codecs, leaveOpen: true) : new ArrowStreamReader(file, allocator: null, codecs, leaveOpen: true);
            return new ArrowRows(path, file, reader, await reader.GetSchema(cancellation));
        }
        catch (Exception broken) when (IsDamage(broken))
        {
            await file.DisposeAsync();
            throw new FleetException($"The schema of '{path}' cannot be read ({broken.Message}); it tells what columns an Arrow file has. Copy or write the file again.", inner: broken);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override IAsyncEnumerable<Row> ReadAsync(int maxRowBytes, CancellationToken cancellation) =>
        _schema.Metadata?.ContainsKey(BatchReader.VersionKey) == true ? ReadBatchAsync(maxRowBytes, cancellation) : ReadTableAsync(maxRowBytes, cancellation);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _file.DisposeAsync();
    }

    private async IAsyncEnumerable<Row> ReadTableAsync(int maxRowBytes, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var text = new RowText(maxRowBytes);
        var hasDictionaries = _schema.FieldsList.Any(field => HasDictionary(field.DataType));
        var number = 0L;
        for (var read = 1; await NextAsync(read, cancellation) is { } batch; read++)
        {
            // A batch takes the dictionaries with it that the next one still needs; those are left to the collector.
            using var _ = hasDictionaries ? null : batch;
            for (var row = 0; row < batch.Length; row++)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return Read(text, batch, row, ++number);
            }
        }
    }

    private async IAsyncEnumerable<Row> ReadBatchAsync(int maxRowBytes, [EnumeratorCancellation] CancellationToken cancellation)
    {
        DataProto batch;
        try
        {
            batch = BatchReader.Read(await File.ReadAllBytesAsync(_path, cancellation));
        }
        catch (Exception wrong) when (wrong is FleetException or IOException)
        {
            throw new FleetException($"'{_path}' is no batch that can be read: {wrong.Message}", inner: wrong);
        }

        foreach (var row in BatchRows.Of(batch, maxRowBytes))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    private async Task<RecordBatch?> NextAsync(int number, CancellationToken cancellation)
    {
        try
        {
            return await _reader.ReadNextRecordBatchAsync(cancellation);
        }
        catch (Exception broken) when (IsDamage(broken))
        {
            throw new FleetException($"Record batch {number} of '{_path}' is damaged, or ends in the middle ({broken.Message}); the rows before it were scored. Copy or write the file again.", inner: broken);
        }
    }

    private static bool HasDictionary(IArrowType type) => type switch
    {
        DictionaryType => true,
        NestedType nested => nested.Fields.Any(field => HasDictionary(field.DataType)),
        _ => false,
    };

    private static Row Read(RowText text, RecordBatch batch, int row, long number)
    {
        var column = 0;
        try
        {
            return text.Build(number, json =>
            {
                for (column = 0; column < batch.ColumnCount; column++) Write(json, batch, column, row);
            });
        }
        catch (Exception broken) when (IsDamage(broken))
        {
            // The row keeps its id, as long as that is not what is broken.
            var problem = new RowProblem("broken_cell", $"The column '{batch.Schema.GetFieldByIndex(column).Name}' of row {number} cannot be read: {broken.Message}");
            var id = batch.Schema.GetFieldIndex("id", StringComparer.Ordinal);
            return Row.Broken(number, problem, id >= 0 && id < column ? text.Build(number, json => Write(json, batch, id, row)).Id : default);
        }
    }

    private static void Write(Utf8JsonWriter json, RecordBatch batch, int column, int row)
    {
        var cells = batch.Column(column);
        if (ArrowCell.IsNull(cells, row)) return;
        json.WritePropertyName(batch.Schema.GetFieldByIndex(column).Name);
        ArrowCell.Write(json, cells, row);
    }

    // The library has exceptions of many kinds for bytes that are not what they should be.
    private static bool IsDamage(Exception broken) => broken is not (FleetException or OperationCanceledException or OutOfMemoryException);

    private static bool IsFile(string path, FileStream file)
    {
        Span<byte> head = stackalloc byte[8];
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        file.Seek(0, SeekOrigin.Begin);
        if (head.StartsWith(FileMark)) return true;
        if (head.StartsWith(StreamMark)) return false;
        throw new FleetException($"'{path}' is no Arrow file: it begins with {Shown(head)}, and not with ARROW1 (a file) or FFFFFFFF (a stream). Give a file of JSON lines the ending .jsonl and a Parquet file the ending .parquet.");
    }
}
