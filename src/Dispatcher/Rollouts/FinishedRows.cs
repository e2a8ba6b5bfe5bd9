using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Names;
using Fleet.Dispatcher.Collecting;

namespace Fleet.Dispatcher.Rollouts;

/// <summary>The results that an earlier run of the same rows wrote before it ended, read back row by row.</summary>
/// <remarks>
/// Rows are asked for in the order of the input. A verdict and an invalid row stand; a row that failed, timed out or was
/// cancelled is scored again. A last line that was cut in the middle is as if it were not there.
/// </remarks>
public sealed class FinishedRows : IDisposable
{
    private readonly string _path;
    private readonly StreamReader _lines;
    private bool _isAtEnd;

    /// <summary>Opens the results.</summary>
    /// <exception cref="FleetException">The file cannot be read.</exception>
    public FinishedRows(string path)
    {
        _path = path;
        try
        {
            _lines = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new FleetException($"The earlier results '{path}' cannot be read: {refused.Message}", inner: refused);
        }
    }

    /// <summary>Whether a result stands, or its row is scored again.</summary>
    public static bool Stands(JsonElement result) => result.TryGetProperty("status", out var status) && Stands(RowStatuses.Parse(status.GetString()));

    /// <summary>Whether a result that ended so stands.</summary>
    public static bool Stands(RowStatus? status) => status is RowStatus.Scored or RowStatus.Invalid;

    /// <summary>The next line, or null when there is none that is whole.</summary>
    public JsonElement? Next()
    {
        if (_isAtEnd || _lines.ReadLine() is not { } line)
        {
            _isAtEnd = true;
            return null;
        }

        try
        {
            var result = JsonDocument.Parse(line).RootElement;
            if (result.ValueKind == JsonValueKind.Object) return result;
        }
        catch (JsonException)
        {
            // Cut in the middle: the end of what was written.
        }

        _isAtEnd = true;
        return null;
    }

    /// <summary>The result of the next row of the input; null when it is to be scored.</summary>
    /// <exception cref="FleetException">The results are not those of this input.</exception>
    public RowReward? Of(Row row) => Next() is { } result ? Of(result, row, _path) : null;

    /// <summary>What a result that was written says of a row; null when the row is to be scored again.</summary>
    /// <param name="result">The result.</param>
    /// <param name="row">The row.</param>
    /// <param name="path">Where the result was read.</param>
    /// <exception cref="FleetException">The result is of a row of another input.</exception>
    public static RowReward? Of(JsonElement result, Row row, string path)
    {
        if (!IsOf(result, row))
        {
            throw new FleetException($"'{path}' holds results of another input: the one for row {row.Number} has {(result.TryGetProperty("id", out var id) ? $"the id {id.GetRawText()}" : "no id")}. Name the output of this input, or leave --resume out.");
        }

        return Stands(result) ? Read(result, row) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private static bool IsOf(JsonElement result, Row row)
    {
        if (row.Id.ValueKind != JsonValueKind.Undefined) return result.TryGetProperty("id", out var id) && JsonElement.DeepEquals(id, row.Id);
        return result.TryGetProperty("line", out var line) && line.ValueKind == JsonValueKind.Number && line.GetInt64() == row.Number;
    }

    private static RowReward Read(JsonElement result, Row row) => new()
    {
        Row = row,
        Domain = Text(result, "domain"),
        Outcome = new RowOutcome
        {
            Status = RowStatuses.Parse(Text(result, BatchKeys.Status))!.Value,
            Score = Number(result, BatchKeys.Score),
            Reward = Number(result, BatchKeys.Reward),
            Reason = Text(result, BatchKeys.Reason) ?? "",
            Detail = Raw(result, BatchKeys.Detail),
            Components = Raw(result, BatchKeys.Components),
            Rank = (int?)Number(result, BatchKeys.Rank),
            Milliseconds = Number(result, BatchKeys.Milliseconds),
        },
    };

    private static string? Text(JsonElement result, string name) => result.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement result, string name) => result.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static string? Raw(JsonElement result, string name) => result.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value.GetRawText() : null;
}
