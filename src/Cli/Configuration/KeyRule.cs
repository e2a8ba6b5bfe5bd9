using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Cli.Configuration;

/// <summary>What a configuration key may hold.</summary>
/// <param name="Kind">Kind of the value.</param>
/// <param name="Minimum">Smallest number.</param>
/// <param name="Maximum">Largest number.</param>
/// <param name="Words">The words that a text may be; null for any.</param>
/// <param name="IsIgnored">Whether Fleet reads the key and cannot honour it.</param>
internal sealed record KeyRule(KeyKind Kind, double Minimum = double.MinValue, double Maximum = double.MaxValue, string[]? Words = null, bool IsIgnored = false)
{
    public static readonly KeyRule Any = new(KeyKind.Any);
    public static readonly KeyRule Text = new(KeyKind.Text);
    public static readonly KeyRule Flag = new(KeyKind.Flag);
    public static readonly KeyRule Texts = new(KeyKind.Texts);
    public static readonly KeyRule Map = new(KeyKind.Map);
    public static readonly KeyRule Ignored = new(KeyKind.Any, IsIgnored: true);

    public static KeyRule Number(double minimum = double.MinValue, double maximum = double.MaxValue) => new(KeyKind.Number, minimum, maximum);

    public static KeyRule Whole(double minimum = double.MinValue, double maximum = double.MaxValue) => new(KeyKind.Whole, minimum, maximum);

    public static KeyRule Word(params string[] words) => new(KeyKind.Text, Words: words);

    /// <summary>What is wrong with a value, as the end of a sentence; null when nothing is.</summary>
    public string? Fault(YamlTree value)
    {
        if (Kind == KeyKind.Any || value.IsNull) return null;
        var isRight = Kind switch
        {
            KeyKind.Map => value.Map is not null,
            KeyKind.Texts => value.List?.All(item => item.Scalar is not null) == true,
            KeyKind.Flag => value.Scalar?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            KeyKind.Number => NumberOf(value.Scalar) is { } number && number >= Minimum && number <= Maximum,
            KeyKind.Whole => NumberOf(value.Scalar) is { } whole && whole >= Minimum && whole <= Maximum && whole == Math.Floor(whole),
            _ => value.Scalar is { } scalar && (Words is null || Words.Contains(scalar.ToString())),
        };
        return isRight ? null : $"holds {Shown(value)}; {Expected()} is expected";
    }

    private string Expected() => Kind switch
    {
        KeyKind.Map => "a map of keys",
        KeyKind.Texts => "a list of texts",
        KeyKind.Flag => "true or false",
        KeyKind.Number => "a number" + Range(),
        KeyKind.Whole => "a whole number" + Range(),
        _ => Words is null ? "a text" : "one of " + string.Join(", ", Words),
    };

    private string Range()
    {
        if (Minimum == double.MinValue && Maximum == double.MaxValue) return "";
        if (Maximum == double.MaxValue) return string.Create(CultureInfo.InvariantCulture, $" of at least {Minimum}");
        return string.Create(CultureInfo.InvariantCulture, $" from {Minimum} to {Maximum}");
    }

    private static double? NumberOf(JsonValue? scalar) =>
        scalar?.GetValueKind() == JsonValueKind.Number && double.TryParse(scalar.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Shown(YamlTree value)
    {
        var text = value.ToJson()?.ToJsonString() ?? "null";
        return text.Length <= 80 ? text : text[..80] + "...";
    }
}

/// <summary>Kinds of values in a configuration.</summary>
internal enum KeyKind
{
    /// <summary>Anything.</summary>
    Any,

    /// <summary>A scalar, read as text.</summary>
    Text,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A number without a fraction.</summary>
    Whole,

    /// <summary>A list of scalars, read as texts.</summary>
    Texts,

    /// <summary>A map of keys.</summary>
    Map,
}
