using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fleet.Dispatcher.Rollouts.Columnar;

/// <summary>Puts the cells of one row together as the JSON object that every other part of a run reads.</summary>
internal sealed class RowText(int maxRowBytes)
{
    // A row of that many bytes gets its buffer back to a small one afterwards.
    private const int LargestKept = 1 << 20;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private ArrayBufferWriter<byte> _buffer = new(1 << 12);

    /// <summary>The row, its columns written by the function given.</summary>
    /// <param name="number">Number of the row in its file, from 1.</param>
    /// <param name="write">Writes the names and values of the columns that the row has.</param>
    public Row Build(long number, Action<Utf8JsonWriter> write)
    {
        if (_buffer.Capacity > LargestKept) _buffer = new(1 << 12);
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Parse(number);
    }

    private Row Parse(long number)
    {
        // The document keeps the bytes for as long as the row lives, so they are its own.
        var row = Row.Parse(number, WellFormed.Of(_buffer.WrittenSpan.ToArray()), maxRowBytes);
        // Of a row that is too large the id alone is kept.
        return row.Bytes > maxRowBytes ? Row.Broken(number, row.Problem!, row.Id) : row;
    }
}
