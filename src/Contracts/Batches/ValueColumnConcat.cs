using Fleet.Contracts.Batches.Storage;

namespace Fleet.Contracts.Batches;

/// <summary>Joins value columns of one key. Nulls have no kind; parts of different kinds become one JSON column, which loses nothing.</summary>
internal static class ValueColumnConcat
{
    public static ValueColumn Join(IReadOnlyList<ValueColumn> parts)
    {
        ValueKind? kind = null;
        foreach (var part in parts)
        {
            if (part.Kind == kind || IsAllNull(part)) continue;
            kind = kind is null ? part.Kind : ValueKind.Json;
        }

        return OfKind(kind ?? parts[0].Kind, parts);
    }

    private static ValueColumn OfKind(ValueKind kind, IReadOnlyList<ValueColumn> parts)
    {
        switch (kind)
        {
            case ValueKind.Number:
                var numbers = Rows(parts, (part, row) => part.Number(row));
                return ValueColumn.OfNumbers(numbers);
            case ValueKind.Flag:
                var flags = Rows(parts, (part, row) => part.Flag(row));
                return ValueColumn.OfFlags(flags);
            default:
                return ValueColumn.Over(kind, TextStore.Concat([.. parts.Select(part => Texts(kind, part))]));
        }
    }

    private static TextStore Texts(ValueKind kind, ValueColumn part)
    {
        if (part.Kind == kind) return (TextStore)part.Store;
        var texts = new string?[part.Length];
        for (int row = 0; row < texts.Length; row++) texts[row] = part.Json(row)?.GetRawText();
        return new StringStore(texts);
    }

    private static T[] Rows<T>(IReadOnlyList<ValueColumn> parts, Func<ValueColumn, int, T> value)
    {
        var rows = new T[parts.Sum(part => part.Length)];
        int at = 0;
        foreach (var part in parts)
        {
            for (int row = 0; row < part.Length; row++) rows[at++] = value(part, row);
        }

        return rows;
    }

    private static bool IsAllNull(ValueColumn part)
    {
        for (int row = 0; row < part.Length; row++)
        {
            if (!part.IsNull(row)) return false;
        }

        return true;
    }
}
