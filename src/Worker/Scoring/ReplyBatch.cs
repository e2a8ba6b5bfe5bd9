using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Names;

namespace Fleet.Worker.Scoring;

/// <summary>The results of a part as a batch: one row each, in order.</summary>
internal static class ReplyBatch
{
    // A number that JSON cannot say is written as text: a detail is for people, and no reason to refuse the part.
    private static readonly JsonSerializerOptions Written = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Columns: status, score, reward and ms as float64 (null when not scored), reason, detail as JSON; components as JSON where some were asked for.</summary>
    public static DataProto Of(IReadOnlyList<RowResult> results) => DataProto.Of(
        [],
        [
            new(BatchKeys.Status, ValueColumn.OfText([.. results.Select(row => row.Status.Word())])),
            new(BatchKeys.Score, ValueColumn.OfNumbers([.. results.Select(row => row.Score)])),
            new(BatchKeys.Reward, ValueColumn.OfNumbers([.. results.Select(row => row.Reward)])),
            new(BatchKeys.Reason, ValueColumn.OfText([.. results.Select(row => row.Reason.ToString())])),
            new(BatchKeys.Detail, ValueColumn.OfJsonText([.. results.Select(row => row.Detail?.ToJsonString(Written))])),
            new(BatchKeys.Milliseconds, ValueColumn.OfNumbers([.. results.Select(row => (double?)row.Milliseconds)])),
            .. Components(results),
        ],
        MetaInfo.Empty);

    private static IEnumerable<KeyValuePair<string, ValueColumn>> Components(IReadOnlyList<RowResult> results) =>
        results.Any(row => row.Components is not null) ? [new(BatchKeys.Components, ValueColumn.OfJsonText([.. results.Select(row => row.Components?.ToJsonString())]))] : [];
}
