using System.Runtime.CompilerServices;
using System.Text.Json;
using Fleet.Contracts.Batches;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;
using Fleet.Shaping;

namespace Fleet.Dispatcher.Shaped;

/// <summary>Shapes the results of a call as they come, and holds back only those that need others beside them.</summary>
/// <remarks>
/// A row waits for its whole group where groups are compared and <c>group_size</c> says how many rows a group has, and for
/// the end of the call where the whole batch counts or nobody says the size. A group that stays incomplete is shaped as it is,
/// at the end or, the oldest first, when too many rows are held back because of groups.
/// </remarks>
/// <param name="run">The run whose domains say how.</param>
/// <param name="maxHeld">Rows that are held back because of groups.</param>
internal sealed class RewardShaper(RunDefinition run, int maxHeld)
{
    private readonly Queue<Held> _order = [];
    private readonly OrderedDictionary<(string Domain, string Group), List<Held>> _waiting = [];
    private int _inGroups;
    private bool _holdsBatch;

    /// <summary>Shapes results.</summary>
    /// <param name="results">Results of one call.</param>
    /// <param name="inOrder">Whether they come, and are to go on, in the order of their rows.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async IAsyncEnumerable<RowReward> ShapeAsync(IAsyncEnumerable<RowReward> results, bool inOrder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var ready = new List<RowReward>();
        await foreach (var result in results.WithCancellation(cancellation))
        {
            var held = new Held(result);
            if (inOrder) _order.Enqueue(held);
            var shaped = Add(held);
            while ((inOrder ? _order.Count : _inGroups) > maxHeld && GiveUpAGroup() is { } given) shaped.AddRange(given);
            foreach (var reward in inOrder ? Due() : shaped.Select(row => row.Reward)) yield return reward;
        }

        foreach (var ((domain, _), rows) in _waiting)
        {
            Shape(run.Domain(domain)!.Shaping!, rows);
            if (!inOrder) ready.AddRange(rows.Select(row => row.Reward));
        }

        foreach (var reward in inOrder ? Due() : ready) yield return reward;
    }

    /// <summary>Takes a result in.</summary>
    /// <returns>The rows that are ready because of it.</returns>
    private List<Held> Add(Held held)
    {
        var row = held.Reward.Row;
        if (held.Reward.Domain is not { } domain || run.Domain(domain)?.Shaping is not { } shaping)
        {
            held.IsReady = true;
            return [held];
        }

        var group = row.Value(BatchKeys.GroupId)?.ToString();
        if (shaping.Scope == ShapingScope.Row || (shaping.Scope == ShapingScope.Group && group is null)) return Shape(shaping, [held]);

        var key = (domain, shaping.Scope == ShapingScope.Batch ? "" : group!);
        if (!_waiting.TryGetValue(key, out var rows)) _waiting[key] = rows = [];
        rows.Add(held);
        if (shaping.Scope == ShapingScope.Batch)
        {
            _holdsBatch = true;
            return [];
        }

        _inGroups++;
        return Whole(row.Value(BatchKeys.GroupSize)) is { } size && rows.Count >= size ? Take(key) : [];
    }

    // Where the whole batch is held back, no group holds up anything.
    private List<Held>? GiveUpAGroup() => _holdsBatch || _waiting.Count == 0 ? null : Take(_waiting.GetAt(0).Key);

    private List<Held> Take((string Domain, string Group) key)
    {
        _waiting.Remove(key, out var rows);
        _inGroups -= rows!.Count;
        return Shape(run.Domain(key.Domain)!.Shaping!, rows);
    }

    private static List<Held> Shape(DomainShaping shaping, List<Held> rows)
    {
        var shaped = shaping.Shape([.. rows.Select(held => Read(held.Reward))]);
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i].Reward = rows[i].Reward with { Outcome = rows[i].Reward.Outcome with { Shaped = shaped[i] } };
            rows[i].IsReady = true;
        }

        return rows;
    }

    private IEnumerable<RowReward> Due()
    {
        while (_order.TryPeek(out var first) && first.IsReady) yield return _order.Dequeue().Reward;
    }

    private static ScoredRow Read(RowReward reward) => new()
    {
        Score = reward.Score,
        Reward = reward.Reward,
        Components = reward.Components,
        GroupId = reward.Row.Value(BatchKeys.GroupId)?.ToString(),
        Tokens = Whole(reward.Row.Value(BatchKeys.ResponseTokens)),
        TokenIds = reward.Row.Value("response_ids") is { ValueKind: JsonValueKind.Array } ids ? [.. ids.EnumerateArray().Select(id => id.TryGetInt32(out var number) ? number : 0)] : null,
        IsTruncated = reward.Row.Text(BatchKeys.FinishReason) == "length",
    };

    private static int? Whole(JsonElement? value) => value is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var whole) ? whole : null;

    private sealed class Held(RowReward reward)
    {
        public RowReward Reward { get; set; } = reward;

        public bool IsReady { get; set; }
    }
}
