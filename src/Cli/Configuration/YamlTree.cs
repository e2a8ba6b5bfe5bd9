using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Fleet.Cli.Configuration;

/// <summary>A YAML document as JSON values that still know their lines.</summary>
internal sealed class YamlTree
{
    private YamlTree(object value, long line) => (Value, Line) = (value, line);

    /// <summary>Line of the value in its file, from 1.</summary>
    public long Line { get; }

    /// <summary>The members of a map by key; null when the value is no map.</summary>
    public IReadOnlyDictionary<string, YamlTree>? Map => Value as IReadOnlyDictionary<string, YamlTree>;

    /// <summary>The items of a list; null when the value is no list.</summary>
    public IReadOnlyList<YamlTree>? List => Value as IReadOnlyList<YamlTree>;

    /// <summary>The scalar: null, a boolean, a number or text; null when the value is a map or a list.</summary>
    public JsonValue? Scalar => Value as JsonValue;

    /// <summary>Whether the value is YAML's null.</summary>
    public bool IsNull => Value is Nothing;

    private object Value { get; }

    /// <summary>Reads a document.</summary>
    /// <exception cref="FleetException">It is no YAML: where, and why.</exception>
    public static YamlTree Parse(string text, string file)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new MergingParser(new Parser(new StringReader(text))));
        }
        catch (YamlException broken)
        {
            throw new FleetException($"{file}, line {broken.Start.Line}: this is no YAML: {broken.Message}", inner: broken);
        }

        if (stream.Documents.Count == 0) return new YamlTree(new Dictionary<string, YamlTree>(), 1);
        return Of(stream.Documents[0].RootNode);
    }

    /// <summary>The value as JSON, without its lines.</summary>
    public JsonNode? ToJson() => Value switch
    {
        IReadOnlyDictionary<string, YamlTree> map => new JsonObject(map.Select(member => KeyValuePair.Create(member.Key, member.Value.ToJson()))),
        IReadOnlyList<YamlTree> list => new JsonArray([.. list.Select(item => item.ToJson())]),
        JsonValue scalar => scalar.DeepClone(),
        _ => null,
    };

    /// <summary>The same map with other values; a value that is no map stays as it is.</summary>
    public YamlTree WithMembers(Func<string, YamlTree, YamlTree> change) =>
        Map is { } map ? new(map.ToDictionary(member => member.Key, member => change(member.Key, member.Value)), Line) : this;

    /// <summary>The same tree with every <c>${name}</c> in its texts replaced.</summary>
    public YamlTree Interpolated(Func<string, long, string> replace) => Value switch
    {
        IReadOnlyDictionary<string, YamlTree> map => new(map.ToDictionary(member => member.Key, member => member.Value.Interpolated(replace)), Line),
        IReadOnlyList<YamlTree> list => new(list.Select(item => item.Interpolated(replace)).ToList(), Line),
        JsonValue scalar when scalar.TryGetValue<string>(out var text) && text.Contains("${", StringComparison.Ordinal) => new(Resolve(replace(text, Line)), Line),
        _ => this,
    };

    private static YamlTree Of(YamlNode node) => node switch
    {
        YamlMappingNode map => new(
            map.Children.GroupBy(child => ((YamlScalarNode)child.Key).Value ?? "").ToDictionary(group => group.Key, group => Of(group.First().Value)), node.Start.Line),
        YamlSequenceNode list => new(list.Children.Select(Of).ToList(), node.Start.Line),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => new(Resolve(plain.Value ?? ""), node.Start.Line),
        YamlScalarNode quoted => new(JsonValue.Create(quoted.Value ?? ""), node.Start.Line),
        _ => new(Nothing.Instance, node.Start.Line),
    };

    // The core schema, with YAML 1.1's spellings of booleans that people use.
    private static object Resolve(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => Nothing.Instance,
        "true" or "True" or "TRUE" => JsonValue.Create(true),
        "false" or "False" or "FALSE" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };

    private sealed class Nothing
    {
        public static readonly Nothing Instance = new();
    }
}
