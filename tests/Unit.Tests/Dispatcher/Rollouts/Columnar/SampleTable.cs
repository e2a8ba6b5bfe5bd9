using System.Text.Json.Nodes;

namespace Fleet.Unit.Tests.Dispatcher.Rollouts.Columnar;

/// <summary>What the values of a column are.</summary>
internal enum SampleKind
{
    Text,
    Whole,
    Real,
    Flag,
    List,
    Struct,
}

/// <summary>The type of a column: a scalar, a list of one type, or a struct of named ones.</summary>
internal sealed record SampleType(SampleKind Kind, SampleType? Item = null, IReadOnlyList<(string Name, SampleType Type)>? Members = null)
{
    public static readonly SampleType Text = new(SampleKind.Text);
    public static readonly SampleType Whole = new(SampleKind.Whole);
    public static readonly SampleType Real = new(SampleKind.Real);
    public static readonly SampleType Flag = new(SampleKind.Flag);

    public static SampleType ListOf(SampleType item) => new(SampleKind.List, item);

    public static SampleType StructOf(params (string, SampleType)[] members) => new(SampleKind.Struct, Members: members);
}

/// <summary>Rows with the types of their columns: what the writers of the tests make files of.</summary>
internal sealed record SampleTable(IReadOnlyList<(string Name, SampleType Type)> Columns, IReadOnlyList<JsonObject> Rows)
{
    private static readonly string[] Words = ["", "a", "\\boxed{7}", "two\nlines", "\u00e9\u4e2d\ud83d\ude00", "\"quoted\"", "\t\u0001"];

    public IReadOnlyList<string> Lines { get; } = [.. Rows.Select(row => row.ToJsonString())];

    /// <summary>The values of a column, row by row.</summary>
    public JsonNode?[] Column(string name) => [.. Rows.Select(row => row[name])];

    /// <summary>Any table: columns of any type three deep, with nulls wherever null may stand.</summary>
    public static SampleTable Any(int seed)
    {
        var random = new Random(seed);
        var columns = Enumerable.Range(0, random.Next(1, 5)).Select(i => ($"c{i}", Type(random, 3))).ToList();
        var rows = Enumerable.Range(0, random.Next(0, 12)).Select(_ => Members(random, columns)).ToList();
        return new SampleTable(columns, rows);
    }

    private static SampleType Type(Random random, int depth) => random.Next(depth > 0 ? 6 : 4) switch
    {
        0 => SampleType.Text,
        1 => SampleType.Whole,
        2 => SampleType.Real,
        3 => SampleType.Flag,
        4 => SampleType.ListOf(Type(random, depth - 1)),
        _ => SampleType.StructOf([.. Enumerable.Range(0, random.Next(1, 4)).Select(i => ($"m{i}", Type(random, depth - 1)))]),
    };

    private static JsonNode? Value(Random random, SampleType type) => random.Next(5) == 0 ? null : type.Kind switch
    {
        SampleKind.Text => Words[random.Next(Words.Length)],
        SampleKind.Whole => random.Next(2) == 0 ? random.Next(-3, 200_000) : random.NextInt64(),
        SampleKind.Real => random.Next(-100, 100) / 8.0,
        SampleKind.Flag => random.Next(2) == 0,
        SampleKind.List => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, type.Item!))]),
        _ => Members(random, type.Members!),
    };

    private static JsonObject Members(Random random, IReadOnlyList<(string Name, SampleType Type)> members)
    {
        var row = new JsonObject();
        foreach (var (name, type) in members)
        {
            // What a row has not is absent in JSON and null in a table.
            if (Value(random, type) is { } value) row[name] = value;
        }

        return row;
    }
}
