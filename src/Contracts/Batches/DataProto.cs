using System.Text.Json;
using Fleet.Contracts.Batches.Operations;

namespace Fleet.Contracts.Batches;

/// <summary>A batch: named tensors and token ids, named values, and what is said of the whole. Immutable: every operation gives a new batch.</summary>
/// <remarks>
/// Shape: all columns have the same rows, B. No key is in both <see cref="Batch"/> and <see cref="NonTensorBatch"/>.
/// Source: alibaba/ROLL roll/distributed/scheduler/protocol.py.
/// Differs: any mix of columns is allowed, unknown keys are errors, negative indices count from the end, and nothing is changed in place.
/// </remarks>
public sealed class DataProto
{
    /// <summary>No rows, no columns, nothing said.</summary>
    public static readonly DataProto Empty = Of();

    private readonly OrderedDictionary<string, BatchColumn> _batch;
    private readonly OrderedDictionary<string, ValueColumn> _values;

    private DataProto(OrderedDictionary<string, BatchColumn> batch, OrderedDictionary<string, ValueColumn> values, MetaInfo metaInfo, int length)
    {
        _batch = batch;
        _values = values;
        MetaInfo = metaInfo;
        Length = length;
    }

    /// <summary>The rows; 0 where there is no column.</summary>
    public int Length { get; }

    /// <summary>Tensors and token ids, in the order they were added.</summary>
    public IReadOnlyDictionary<string, BatchColumn> Batch => _batch;

    /// <summary>Text, numbers, booleans and JSON, in the order they were added.</summary>
    public IReadOnlyDictionary<string, ValueColumn> NonTensorBatch => _values;

    /// <summary>What is said once a batch.</summary>
    public MetaInfo MetaInfo { get; }

    /// <summary>Whether there is no column at all: a message that only says something, which every rank gets whole.</summary>
    public bool IsMetaOnly => _batch.Count == 0 && _values.Count == 0;

    /// <summary>All keys: first the batch's, then the values'.</summary>
    public IEnumerable<string> Keys => _batch.Keys.Concat(_values.Keys);

    /// <summary>All columns: first the batch's, then the values'.</summary>
    internal IEnumerable<KeyValuePair<string, Column>> Columns =>
        _batch.Select(entry => KeyValuePair.Create(entry.Key, (Column)entry.Value))
            .Concat(_values.Select(entry => KeyValuePair.Create(entry.Key, (Column)entry.Value)));

    /// <summary>The column of a key, of either kind.</summary>
    /// <exception cref="BatchKeyException">There is no such column.</exception>
    public Column this[string key] => Find(key) ?? throw BatchKeyException.Missing("Column", key, Keys);

    /// <summary>One row as a batch; a negative index counts from the end.</summary>
    /// <exception cref="FleetException">The index is outside the batch.</exception>
    public DataProto this[int row] => SelectIdxs([row]);

    /// <summary>A batch of these columns.</summary>
    /// <exception cref="BatchShapeException">The columns have different rows.</exception>
    /// <exception cref="BatchKeyException">A key is given twice.</exception>
    public static DataProto Of(
        IEnumerable<KeyValuePair<string, BatchColumn>>? batch = null,
        IEnumerable<KeyValuePair<string, ValueColumn>>? nonTensorBatch = null,
        MetaInfo? metaInfo = null)
    {
        var columns = (batch ?? []).Select(entry => KeyValuePair.Create(entry.Key, (Column)entry.Value))
            .Concat((nonTensorBatch ?? []).Select(entry => KeyValuePair.Create(entry.Key, (Column)entry.Value)));
        return FromSingleDict(columns, metaInfo);
    }

    /// <summary>A batch of tensors and values; the reference's name for <see cref="Of"/>.</summary>
    /// <inheritdoc cref="Of"/>
    public static DataProto FromDict(
        IEnumerable<KeyValuePair<string, BatchColumn>>? tensors = null,
        IEnumerable<KeyValuePair<string, ValueColumn>>? nonTensors = null,
        MetaInfo? metaInfo = null) => Of(tensors, nonTensors, metaInfo);

    /// <summary>A batch of columns of both kinds in one dictionary.</summary>
    /// <inheritdoc cref="Of"/>
    public static DataProto FromSingleDict(IEnumerable<KeyValuePair<string, Column>> columns, MetaInfo? metaInfo = null)
    {
        var batch = new OrderedDictionary<string, BatchColumn>(StringComparer.Ordinal);
        var values = new OrderedDictionary<string, ValueColumn>(StringComparer.Ordinal);
        Column? first = null;
        foreach (var (key, column) in columns)
        {
            first ??= column;
            if (column.Length != first.Length)
            {
                throw new BatchShapeException(key, first.FullShape.SetItem(0, first.Length), column.FullShape,
                    "all columns of a batch have the same rows, so give it as many as the first column");
            }

            if (batch.ContainsKey(key) || values.ContainsKey(key))
            {
                throw new BatchKeyException(key, $"Column {Quoted.Clip(key)} is given twice: a key names one tensor or one value column, not two.");
            }

            if (column is BatchColumn tensor) batch.Add(key, tensor);
            else values.Add(key, (ValueColumn)column);
        }

        return new DataProto(batch, values, metaInfo ?? MetaInfo.Empty, first?.Length ?? 0);
    }

    /// <summary>The batches one below the other.</summary>
    /// <param name="parts">Batches with the same keys; those without any column only add what they say.</param>
    /// <param name="conflict">What becomes of a meta entry that two parts say differently.</param>
    /// <param name="globalKeys">Meta entries whose values are collected from all parts; left out, <c>metrics</c>.</param>
    /// <exception cref="BatchKeyException">A part lacks a column that another has.</exception>
    /// <exception cref="BatchShapeException">A column has another type or row shape in another part.</exception>
    /// <remarks>
    /// Differs: one part is aggregated like several; a part without a column, and meta that only a later part has, are not lost silently.
    /// </remarks>
    public static DataProto Concat(
        IReadOnlyList<DataProto> parts, MetaConflict conflict = MetaConflict.KeepFirst, IReadOnlyCollection<string>? globalKeys = null) =>
        Concatenation.Of(parts, conflict, globalKeys);

    /// <summary>The columns and entries of these keys; a list left out keeps all of its kind.</summary>
    /// <exception cref="BatchKeyException">A key is not there.</exception>
    public DataProto Select(
        IReadOnlyCollection<string>? batchKeys = null,
        IReadOnlyCollection<string>? nonTensorBatchKeys = null,
        IReadOnlyCollection<string>? metaInfoKeys = null) => Selection.Keep(this, batchKeys, nonTensorBatchKeys, metaInfoKeys);

    /// <summary>The rows of these indices, in their order, each as often as it is named; negative indices count from the end.</summary>
    /// <exception cref="FleetException">An index is outside the batch.</exception>
    public DataProto SelectIdxs(ReadOnlySpan<int> indices) => RowSelection.Gather(this, indices);

    /// <inheritdoc cref="SelectIdxs(ReadOnlySpan{int})"/>
    public DataProto SelectIdxs(IReadOnlyList<int> indices) => RowSelection.Gather(this, indices.ToArray());

    /// <summary>The rows where the mask is true.</summary>
    /// <exception cref="BatchShapeException">The mask has another length.</exception>
    public DataProto SelectIdxs(ReadOnlySpan<bool> mask) => RowSelection.Filter(this, mask);

    /// <inheritdoc cref="SelectIdxs(ReadOnlySpan{bool})"/>
    public DataProto SelectIdxs(IReadOnlyList<bool> mask) => RowSelection.Filter(this, mask.ToArray());

    /// <summary>The rows that a one-dimensional tensor names: a mask where it is bool, indices where it is int32 or int64.</summary>
    /// <exception cref="FleetException">The tensor is neither, or an index is outside the batch.</exception>
    public DataProto SelectIdxs(Tensor indicesOrMask) => RowSelection.Of(this, indicesOrMask);

    /// <summary>Rows from start up to stop, as Python slices: both may be negative, left out or outside the batch.</summary>
    /// <exception cref="FleetException">The step is zero.</exception>
    public DataProto Slice(int? start = null, int? stop = null, int step = 1) => Slicing.Of(this, start, stop, step);

    /// <summary>Exactly <paramref name="chunks"/> batches: of n = q*k + r rows the first r get q + 1, the others q, which may be none.</summary>
    /// <remarks>A batch without columns gives copies of what it says.</remarks>
    /// <exception cref="FleetException">The number is less than 1.</exception>
    public IReadOnlyList<DataProto> Chunk(int chunks) => Chunking.IntoChunks(this, chunks);

    /// <summary>Batches of <paramref name="rows"/> rows; the last may have fewer.</summary>
    /// <exception cref="FleetException">The number is less than 1.</exception>
    public IReadOnlyList<DataProto> Split(int rows) => Chunking.IntoPieces(this, rows);

    /// <summary>The columns and entries of both.</summary>
    /// <exception cref="BatchShapeException">The batches have different rows, or a column of both differs.</exception>
    /// <exception cref="FleetException">A meta entry of both differs and <paramref name="conflict"/> says that this is an error.</exception>
    public DataProto Union(DataProto other, MetaConflict conflict = MetaConflict.Fail) => Unification.Of(this, other, conflict);

    /// <summary>With one column under another key.</summary>
    /// <exception cref="BatchKeyException">The old key is not there, or the new one is.</exception>
    public DataProto Rename(string oldKey, string newKey) => Renaming.Of(this, [oldKey], [newKey]);

    /// <summary>With several columns under other keys, all at once, so that two may change places.</summary>
    /// <exception cref="BatchKeyException">An old key is not there, or a new one is.</exception>
    /// <exception cref="FleetException">There are more keys of one kind than of the other.</exception>
    public DataProto Rename(IReadOnlyList<string> oldKeys, IReadOnlyList<string> newKeys) => Renaming.Of(this, oldKeys, newKeys);

    /// <summary>A batch of the named columns and entries, and the batch of the others.</summary>
    /// <exception cref="BatchKeyException">A key is not there.</exception>
    public (DataProto Popped, DataProto Remaining) Pop(
        IReadOnlyCollection<string>? batchKeys = null,
        IReadOnlyCollection<string>? nonTensorBatchKeys = null,
        IReadOnlyCollection<string>? metaInfoKeys = null) => Selection.Pop(this, batchKeys ?? [], nonTensorBatchKeys ?? [], metaInfoKeys ?? []);

    /// <summary>The rows in another order: row i of the result is row <c>indices[i]</c>.</summary>
    /// <exception cref="FleetException">The indices are no permutation of the rows.</exception>
    public DataProto Reorder(ReadOnlySpan<int> indices) => Reordering.Of(this, indices);

    /// <inheritdoc cref="Reorder(ReadOnlySpan{int})"/>
    public DataProto Reorder(IReadOnlyList<int> indices) => Reordering.Of(this, indices.ToArray());

    /// <summary>Every row several times: a, a, b, b interleaved, else a, b, a, b.</summary>
    /// <exception cref="FleetException">The number is negative.</exception>
    public DataProto Repeat(int repeatTimes = 2, bool interleave = true) => Repetition.Of(this, repeatTimes, interleave);

    /// <summary>The rows that agree in these columns, group by group in order of first appearance; rows stay in order.</summary>
    /// <exception cref="BatchKeyException">A column is not there.</exception>
    /// <exception cref="FleetException">No key is given.</exception>
    public OrderedDictionary<GroupKey, DataProto> GroupBy(params IReadOnlyList<string> keys) => Grouping.Of(this, keys);

    /// <summary>A length that the divisor divides, filled up with rows from the front; gives the rows that were added, for <see cref="Unpad"/>.</summary>
    /// <exception cref="FleetException">The divisor is less than 1.</exception>
    public (DataProto Padded, int PadSize) PadToDivisor(int divisor) => Padding.ToDivisor(this, divisor);

    /// <summary>Without the last <paramref name="padSize"/> rows.</summary>
    /// <exception cref="FleetException">There are not that many rows, or the number is negative.</exception>
    public DataProto Unpad(int padSize) => Padding.Remove(this, padSize);

    /// <summary>Mini-batches of equal size, several times over; with a seed, in an order drawn anew for each epoch and the same for the same seed.</summary>
    /// <exception cref="FleetException">The size does not divide the rows, or a number is less than 1.</exception>
    public IEnumerable<DataProto> MakeIterator(int miniBatchSize, int epochs = 1, int? seed = null) =>
        Iteration.Of(this, miniBatchSize, epochs, seed);

    /// <summary>With every list in the meta entry <c>metrics</c> made one number; see <see cref="Metrics.Reduce"/>.</summary>
    public DataProto ReduceMetrics(MetricReduction reduction = MetricReduction.Mean) =>
        MetaInfo.TryGetValue(BatchKeys.Metrics, out var metrics) && metrics.ValueKind == JsonValueKind.Object
            ? WithMeta(MetaInfo.With(BatchKeys.Metrics, Metrics.Reduce(metrics, reduction)))
            : this;

    /// <summary>With one more column, or another one under its key.</summary>
    /// <exception cref="BatchShapeException">The column has other rows than the others.</exception>
    public DataProto With(string key, Column column) => FromSingleDict(Replaced(key, column), MetaInfo);

    /// <summary>Without one column.</summary>
    /// <exception cref="BatchKeyException">There is no such column.</exception>
    public DataProto Without(string key)
    {
        _ = this[key];
        return FromSingleDict(Columns.Where(entry => entry.Key != key), MetaInfo);
    }

    /// <summary>With other things said of the whole.</summary>
    public DataProto WithMeta(MetaInfo metaInfo) => new(_batch, _values, metaInfo, Length);

    /// <summary>Whether both hold the same columns and say the same, in whatever order of keys.</summary>
    public bool ContentEquals(DataProto other) =>
        Length == other.Length && _batch.Count == other._batch.Count && _values.Count == other._values.Count
        && Columns.All(entry => entry.Value.ContentEquals(other.Find(entry.Key))) && MetaInfo.ContentEquals(other.MetaInfo);

    /// <summary>The column of a key, or null.</summary>
    public Column? Find(string key) =>
        _batch.TryGetValue(key, out var tensor) ? tensor : _values.TryGetValue(key, out var value) ? value : null;

    /// <summary>About what each row takes on the wire: text as UTF-8, ids and tensors as they are.</summary>
    /// <returns>Bytes, one number a row.</returns>
    public long[] RowBytes()
    {
        var bytes = new long[Length];
        foreach (var (_, column) in Columns) column.AddRowBytes(bytes);
        return bytes;
    }

    /// <summary>The same keys and meta over columns that were all changed in the same way.</summary>
    internal DataProto Map(Func<Column, Column> change)
    {
        var batch = new OrderedDictionary<string, BatchColumn>(_batch.Count, StringComparer.Ordinal);
        var values = new OrderedDictionary<string, ValueColumn>(_values.Count, StringComparer.Ordinal);
        int length = 0;
        foreach (var (key, column) in _batch) length = Add(batch, key, change(column));
        foreach (var (key, column) in _values) length = Add(values, key, change(column));
        return new DataProto(batch, values, MetaInfo, length);
    }

    private static int Add<T>(OrderedDictionary<string, T> columns, string key, Column column) where T : Column
    {
        columns.Add(key, (T)column);
        return column.Length;
    }

    private IEnumerable<KeyValuePair<string, Column>> Replaced(string key, Column column)
    {
        var others = Columns.Where(entry => entry.Key != key);
        return Find(key)?.GetType() == column.GetType()
            ? Columns.Select(entry => entry.Key == key ? KeyValuePair.Create(key, column) : entry)
            : others.Append(KeyValuePair.Create(key, column));
    }
}
