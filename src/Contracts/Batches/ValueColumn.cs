using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Fleet.Contracts.Batches.Storage;

namespace Fleet.Contracts.Batches;

/// <summary>One value a row that is no tensor: text, number, boolean or JSON; null is allowed in each.</summary>
/// <remarks>
/// Shape: [B]. JSON's <c>null</c> and an absent value are the same null. Text from the wire is decoded when its row is asked for, at each call.
/// </remarks>
public sealed class ValueColumn : Column
{
    private ValueColumn(ValueKind kind, ValueStore store) : base(store.Length) => (Kind, Store) = (kind, store);

    /// <summary>What the values are.</summary>
    public ValueKind Kind { get; }

    internal ValueStore Store { get; }

    internal override string Description => $"{Kind} [{Length}]";

    internal override ImmutableArray<int> FullShape => [Length];

    /// <summary>A column of text.</summary>
    public static ValueColumn OfText(IReadOnlyList<string?> values) => new(ValueKind.Text, new StringStore(values.ToArray()));

    /// <summary>A column of numbers.</summary>
    public static ValueColumn OfNumbers(IReadOnlyList<double?> values) =>
        new(ValueKind.Number, NumberStore.Of(values.Count, i => values[i]));

    /// <summary>A column of booleans.</summary>
    public static ValueColumn OfFlags(IReadOnlyList<bool?> values) => new(ValueKind.Flag, FlagStore.Of(values.Count, i => values[i]));

    /// <summary>A column of JSON values; their text is copied, so that a document may be disposed of afterwards.</summary>
    public static ValueColumn OfJson(IReadOnlyList<JsonElement?> values) =>
        OfJsonText([.. values.Select(value => value?.GetRawText())]);

    /// <summary>A column of JSON values given as text. The text is parsed when a row is asked for.</summary>
    public static ValueColumn OfJsonText(IReadOnlyList<string?> values) =>
        new(ValueKind.Json, new StringStore(values.Select(text => JsonText.IsNull(text) ? null : text).ToArray()));

    /// <summary>Whether a row has no value.</summary>
    public bool IsNull(int row) => Store.IsNull(InRange(row));

    /// <summary>A row as text: text as it is, the content of a JSON string, the text of any other value; null stays null.</summary>
    /// <exception cref="FleetException">A JSON string is malformed.</exception>
    public string? Text(int row) => Store switch
    {
        TextStore texts when Kind == ValueKind.Text => texts[InRange(row)],
        TextStore texts => JsonText.Content(texts[InRange(row)], row),
        NumberStore numbers => numbers[InRange(row)]?.ToString(CultureInfo.InvariantCulture),
        FlagStore flags => flags[InRange(row)] switch { null => null, true => "true", false => "false" },
        _ => null,
    };

    /// <summary>A row as JSON: text as a JSON string, a number that JSON cannot say as the string NaN, Infinity or -Infinity.</summary>
    /// <exception cref="FleetException">The row of a JSON column is not JSON.</exception>
    public JsonElement? Json(int row) => Store switch
    {
        TextStore texts when Kind == ValueKind.Json => JsonText.Parse(texts[InRange(row)], row),
        TextStore texts => JsonText.Of(texts[InRange(row)]),
        NumberStore numbers => JsonText.Of(numbers[InRange(row)]),
        FlagStore flags => JsonText.Of(flags[InRange(row)]),
        _ => null,
    };

    /// <summary>A row as a number: of a number column or a JSON number; null where the row holds anything else.</summary>
    /// <exception cref="FleetException">The row of a JSON column is not JSON.</exception>
    public double? Number(int row) => Store switch
    {
        NumberStore numbers => numbers[InRange(row)],
        TextStore when Kind == ValueKind.Json && Json(row) is { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        _ => null,
    };

    /// <summary>A row as a boolean: of a flag column or a JSON boolean; null where the row holds anything else.</summary>
    /// <exception cref="FleetException">The row of a JSON column is not JSON.</exception>
    public bool? Flag(int row) => Store switch
    {
        FlagStore flags => flags[InRange(row)],
        TextStore when Kind == ValueKind.Json && Json(row) is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag => flag.GetBoolean(),
        _ => null,
    };

    /// <inheritdoc/>
    /// <remarks>JSON values are compared as texts.</remarks>
    public override bool ContentEquals(Column? other)
    {
        if (other is not ValueColumn values || values.Kind != Kind || values.Length != Length) return false;
        for (int row = 0; row < Length; row++)
        {
            bool same = (Store, values.Store) switch
            {
                (TextStore a, TextStore b) => string.Equals(a[row], b[row], StringComparison.Ordinal),
                (NumberStore a, NumberStore b) => Nullable.Equals(a[row], b[row]),
                (FlagStore a, FlagStore b) => a[row] == b[row],
                _ => false,
            };
            if (!same) return false;
        }

        return true;
    }

    /// <summary>A column over text from the wire.</summary>
    internal static ValueColumn Over(ValueKind kind, ValueStore store) => new(kind, store);

    internal override ValueColumn SliceRows(int start, int length) => new(Kind, Store.Slice(start, length));

    internal override ValueColumn GatherRows(ReadOnlySpan<int> rows) => new(Kind, Store.Gather(rows));

    internal override ValueColumn ConcatRows(string key, IReadOnlyList<Column> parts)
    {
        var columns = new List<ValueColumn>(parts.Count);
        foreach (var part in parts)
        {
            columns.Add(part as ValueColumn ?? throw new BatchShapeException(key, [part.Length], part.FullShape,
                $"it is {part.Description} in one part and {Description} in the first, so the parts cannot be joined"));
        }

        return ValueColumnConcat.Join(columns);
    }

    internal override void AddRowBytes(Span<long> bytes)
    {
        for (int row = 0; row < Length; row++) bytes[row] += Store.BytesOf(row);
    }

    private int InRange(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Length, nameof(row));
        return row;
    }
}
