using System.Globalization;
using System.Text;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Wire;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Rollouts.Columnar;
using Fleet.Messaging.DeadLetters;

namespace Fleet.Cli.DeadLetters;

/// <summary>What is in a dead letter, for people and for <c>fleet score</c>.</summary>
internal static class LetterContent
{
    private const int ShownCharacters = 2_000;

    /// <summary>Its rows; null when it holds none that can be read.</summary>
    public static List<Row>? Rows(DeadLetter letter)
    {
        if (letter.Command is not { Payload.IsEmpty: false } command) return null;
        try
        {
            var batch = BatchReader.Read(command.Payload);
            // Rows that were routed by their tag say so still; those of a plain call are of the domain that they were sent to.
            if (!batch.Keys.Contains(BatchKeys.Domain) && !batch.Keys.Contains(BatchKeys.Tag)) batch = batch.With(BatchKeys.Domain, ValueColumn.OfText([.. Enumerable.Repeat(letter.Domain, batch.Length)]));
            return [.. BatchRows.Of(batch, int.MaxValue)];
        }
        catch (FleetException)
        {
            return null;
        }
    }

    /// <summary>Its rows as JSON lines; what is no rows, as text.</summary>
    public static IEnumerable<string> Lines(DeadLetter letter)
    {
        if (Rows(letter) is { } rows) return rows.Select(row => row.Json.GetRawText());
        var text = Encoding.UTF8.GetString(letter.Body.Span);
        return [text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "..."];
    }

    /// <summary>When it was given up.</summary>
    public static string When(DeadLetter letter) => letter.At?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "at an unknown time";

    /// <summary>What was asked.</summary>
    public static string What(DeadLetter letter) => letter.Command is { } command
        ? string.Create(CultureInfo.InvariantCulture, $"{command.Header.Method} on {command.Header.Rows} rows, call {command.Header.CallId:N} part {command.Header.Part} attempt {command.Header.Attempt}")
        : string.Create(CultureInfo.InvariantCulture, $"{letter.Body.Length} bytes that are no command");
}
