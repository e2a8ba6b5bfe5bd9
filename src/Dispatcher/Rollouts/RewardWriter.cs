using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Names;
using Fleet.Shaping;

namespace Fleet.Dispatcher.Rollouts;

/// <summary>Writes results as JSON lines: one object a row.</summary>
public sealed class RewardWriter : IAsyncDisposable
{
    // Columns of the input that are echoed when a row has them.
    private static readonly string[] Echoed = ["group_id", "global_step"];

    // Plain UTF-8 in files; nothing of this is pasted into HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Stream _stream;
    private readonly bool _ownsStream;
    // A line goes to the stream in one piece: the JSON writer would have the stream hand on every row by itself.
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;

    /// <summary>Writes to a stream; the stream is closed with the writer unless told otherwise.</summary>
    public RewardWriter(Stream stream, bool ownsStream = true)
    {
        (_stream, _ownsStream) = (stream, ownsStream);
        _json = new Utf8JsonWriter(_line, Options);
    }

    /// <summary>Writes one result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="isNumbered">Whether the row's number in its input is written although the row has an id.</param>
    public void Write(RowReward result, bool isNumbered = false)
    {
        _line.ResetWrittenCount();
        _json.Reset();
        WriteObject(_json, result, isNumbered);
        _json.Flush();
        _line.Write("\n"u8);
        _stream.Write(_line.WrittenSpan);
    }

    /// <summary>Writes a result as one JSON object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="result">The result.</param>
    /// <param name="isNumbered">Whether the row's number in its input is written although the row has an id: for results that come in another order.</param>
    public static void WriteObject(Utf8JsonWriter json, RowReward result, bool isNumbered = false)
    {
        json.WriteStartObject();
        if (result.Row.Id.ValueKind == JsonValueKind.Undefined) json.WriteNull("id");
        else Copy(json, "id", result.Row.Id);
        if (isNumbered || result.Row.Id.ValueKind == JsonValueKind.Undefined) json.WriteNumber("line", result.Row.Number);
        json.WriteString("domain", result.Domain ?? result.Row.Domain);
        json.WriteString("status", result.Status.Word());
        json.WriteString("cause", result.Status.Cause());
        Number(json, "score", result.Score);
        Number(json, "reward", result.Reward);
        json.WriteString("reason", result.Reason);
        json.WritePropertyName("detail");
        if (result.Detail is null) json.WriteNullValue();
        else json.WriteRawValue(result.Detail, skipInputValidation: true);
        if (result.Rank is { } rank) json.WriteNumber("rank", rank);
        else json.WriteNull("rank");
        Number(json, "ms", result.Milliseconds is { } ms ? Math.Round(ms, 3) : null);
        if (result.Shaped is { } shaped)
        {
            Write(json, shaped);
        }
        else if (result.Components is not null)
        {
            json.WritePropertyName(BatchKeys.Components);
            json.WriteRawValue(result.Components, skipInputValidation: true);
        }

        foreach (var name in Echoed)
        {
            if (result.Row.Value(name) is { } value) Copy(json, name, value);
        }

        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _json.DisposeAsync();
        await _stream.FlushAsync();
        if (_ownsStream) await _stream.DisposeAsync();
    }

    private static void Write(Utf8JsonWriter json, ShapedRow shaped)
    {
        Number(json, BatchKeys.Composite, shaped.Composite);
        json.WriteStartObject(BatchKeys.Components);
        foreach (var (name, value) in shaped.Components) Number(json, name, value);
        json.WriteEndObject();
        Number(json, BatchKeys.AdvantageInput, shaped.AdvantageInput);
        json.WriteBoolean(BatchKeys.Keep, shaped.Keep);
        json.WriteString(BatchKeys.DroppedBy, shaped.DroppedBy);
    }

    private static void Copy(Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        if (value.ValueKind == JsonValueKind.String) json.WriteStringValue(JsonTexts.Text(value));
        else value.WriteTo(json);
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}
