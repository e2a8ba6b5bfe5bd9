using System.Globalization;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Rewards;

namespace Fleet.Worker.Judging;

/// <summary>Which row a judge is asked about, for its seeds and for the answers that are remembered.</summary>
/// <param name="Name">The row's id; with its place in the part where the id is missing or another row's too.</param>
/// <param name="IsKnownById">Whether the id alone says which row it is, so that the row is the same when it comes again.</param>
internal readonly record struct JudgedRow(string Name, bool IsKnownById)
{
    // No column of a row's own: it is made anew for each part.
    private const string Place = "judged_place";

    /// <summary>The part with the places of those rows that their ids do not tell apart. Shape: numbers [B], null for the others.</summary>
    public static DataProto WithPlaces(DataProto part)
    {
        var ids = part.NonTensorBatch.GetValueOrDefault(BatchKeys.Id);
        List<string> names = [.. Enumerable.Range(0, part.Length).Select(row => NameOf(ids, row))];
        var once = names.CountBy(name => name).Where(name => name is { Key.Length: > 0, Value: 1 }).Select(name => name.Key).ToHashSet(StringComparer.Ordinal);
        return part.With(Place, ValueColumn.OfNumbers([.. names.Select((name, place) => once.Contains(name) ? (double?)null : place)]));
    }

    /// <summary>Which row a rollout is.</summary>
    public static JudgedRow Of(Rollout rollout)
    {
        var id = rollout.Text(BatchKeys.Id) ?? "";
        return rollout.Number(Place) is { } place
            ? new JudgedRow(string.Create(CultureInfo.InvariantCulture, $"{id}\n{place}"), false)
            : new JudgedRow(id, id.Length > 0);
    }

    private static string NameOf(ValueColumn? ids, int row)
    {
        try
        {
            return ids?.Json(row)?.GetRawText() ?? "";
        }
        catch (FleetException)
        {
            // An id that cannot be read is this row's own fault, and told when it is scored.
            return "";
        }
    }
}
