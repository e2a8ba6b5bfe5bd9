using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Fleet.Dispatcher.Rollouts.Columnar;

/// <summary>Single values as JSON: what a line of JSON would say in their place.</summary>
internal static class JsonValues
{
    /// <summary>Text; bytes that are no UTF-8 cost a character each.</summary>
    public static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> utf8)
    {
        if (Utf8.IsValid(utf8)) json.WriteStringValue(utf8);
        else json.WriteStringValue(Encoding.UTF8.GetString(utf8));
    }

    /// <summary>A number. NaN, which data frames write for a missing one, is null; infinities are the texts that Python writes.</summary>
    public static void Number(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number)) json.WriteNumberValue(number);
        else if (double.IsNaN(number)) json.WriteNullValue();
        else json.WriteStringValue(number > 0 ? "Infinity" : "-Infinity");
    }

    /// <inheritdoc cref="Number(Utf8JsonWriter, double)"/>
    public static void Number(Utf8JsonWriter json, float number)
    {
        // Its own shortest form: 0.1 stays 0.1.
        if (float.IsFinite(number)) json.WriteNumberValue(number);
        else Number(json, (double)number);
    }

    /// <summary>Dates, times and whatever else has a text of its own.</summary>
    public static void Other(Utf8JsonWriter json, IFormattable value) =>
        json.WriteStringValue(value.ToString(value is DateTime or DateTimeOffset or DateOnly or TimeOnly ? "O" : null, CultureInfo.InvariantCulture));
}
