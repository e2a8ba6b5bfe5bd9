using System.Globalization;
using System.Text.Json;

namespace Fleet.Contracts.Batches.Operations;

/// <summary>Rows that agree in some columns.</summary>
internal static class Grouping
{
    public static OrderedDictionary<GroupKey, DataProto> Of(DataProto data, IReadOnlyList<string> keys)
    {
        if (keys.Count == 0) throw new FleetException("A batch is grouped by at least one key: name a column.");

        var values = new Func<int, GroupValue>[keys.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Reader(data.Find(keys[i]) ?? throw BatchKeyException.Missing("Grouping key", keys[i], data.Keys));
        }

        var groups = new OrderedDictionary<GroupKey, List<int>>();
        for (int row = 0; row < data.Length; row++)
        {
            var key = new GroupKey([.. values.Select(value => value(row))]);
            if (!groups.TryGetValue(key, out var rows)) groups.Add(key, rows = []);
            rows.Add(row);
        }

        var grouped = new OrderedDictionary<GroupKey, DataProto>(groups.Count);
        foreach (var (key, rows) in groups) grouped.Add(key, RowSelection.Gather(data, rows.ToArray()));
        return grouped;
    }

    private static Func<int, GroupValue> Reader(Column column) => column switch
    {
        ValueColumn { Kind: ValueKind.Json } json => row => OfJson(json.Json(row)),
        ValueColumn values => row => new GroupValue(values.Kind, values.Text(row)),
        TokenColumn tokens => row => new GroupValue(ValueKind.Json, JsonSerializer.Serialize(tokens.Row(row).ToArray())),
        Tensor { DType: DType.Bool } tensor => row => OfRow(ValueKind.Flag, tensor.Row<bool>(row), value => value ? "true" : "false"),
        Tensor { DType: DType.UInt8 } tensor => row => OfRow(ValueKind.Number, tensor.Row<byte>(row), Text),
        Tensor { DType: DType.Int32 } tensor => row => OfRow(ValueKind.Number, tensor.Row<int>(row), Text),
        Tensor { DType: DType.Int64 } tensor => row => OfRow(ValueKind.Number, tensor.Row<long>(row), Text),
        Tensor { DType: DType.Float16 } tensor => row => OfRow(ValueKind.Number, tensor.Row<Half>(row), Text),
        Tensor { DType: DType.Float32 } tensor => row => OfRow(ValueKind.Number, tensor.Row<float>(row), Text),
        Tensor tensor => row => OfRow(ValueKind.Number, tensor.Row<double>(row), Text),
        _ => throw new ArgumentOutOfRangeException(nameof(column)),
    };

    private static string Text<T>(T value) where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    private static GroupValue OfRow<T>(ValueKind kind, ReadOnlySpan<T> row, Func<T, string> text)
    {
        if (row.Length == 1) return new GroupValue(kind, text(row[0]));
        var texts = new string[row.Length];
        for (int i = 0; i < texts.Length; i++) texts[i] = text(row[i]);
        return new GroupValue(ValueKind.Json, $"[{string.Join(',', texts)}]");
    }

    private static GroupValue OfJson(JsonElement? json) => json switch
    {
        null => new GroupValue(ValueKind.Json, null),
        { ValueKind: JsonValueKind.String } text => new GroupValue(ValueKind.Text, text.GetString()),
        { ValueKind: JsonValueKind.Number } number => new GroupValue(ValueKind.Number, number.GetRawText()),
        { ValueKind: JsonValueKind.True } => new GroupValue(ValueKind.Flag, "true"),
        { ValueKind: JsonValueKind.False } => new GroupValue(ValueKind.Flag, "false"),
        { } other => new GroupValue(ValueKind.Json, JsonSerializer.Serialize(other)),
    };
}
