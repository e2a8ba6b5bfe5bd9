using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>Keeps the rows of one call whose method needs whole groups until their groups are whole.</summary>
/// <remarks>A group is whole when it has as many rows as its rows' <c>group_size</c> says. One that does not say waits until no more rows come.</remarks>
internal sealed class WaitingGroups(DispatcherOptions options)
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private bool _isClosed;

    /// <summary>Takes the rows of a part, and gives back the parts that can go: groups that are whole, and rows without a group.</summary>
    public List<OpenPart> Add(OpenPart part)
    {
        var whole = new List<OpenPart>();
        lock (_lock)
        {
            if (_isClosed) return [part];
            for (var i = 0; i < part.Rows.Count; i++)
            {
                var row = part.Rows[i];
                if (row.Value("group_id")?.ToString() is not { } id)
                {
                    Put(whole, part.Domain, [(part.Sequences[i], row)]);
                    continue;
                }

                var key = $"{part.Domain.Domain}#{RowKind.Of(row)}#{id}";
                if (!_groups.TryGetValue(key, out var group)) _groups[key] = group = new Group(part.Domain);
                group.Add(part.Sequences[i], row);
                if (!group.IsWhole) continue;
                _groups.Remove(key);
                Put(whole, group.Domain, group.Rows);
            }
        }

        return whole;
    }

    /// <summary>Gives up the group that waits longest, with what it has; null when none waits.</summary>
    public OpenPart? TakeOldest()
    {
        lock (_lock)
        {
            if (_groups.Count == 0) return null;
            var group = _groups.GetAt(0).Value;
            _groups.RemoveAt(0);
            var parts = new List<OpenPart>();
            Put(parts, group.Domain, group.Rows);
            return parts[0];
        }
    }

    /// <summary>Gives up all groups, with what they have, and lets none wait any more.</summary>
    public List<OpenPart> Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            return TakeAll();
        }
    }

    /// <summary>Gives up all groups, with what they have: no more rows come.</summary>
    public List<OpenPart> TakeAll()
    {
        var parts = new List<OpenPart>();
        lock (_lock)
        {
            foreach (var group in _groups.Values) Put(parts, group.Domain, group.Rows);
            _groups.Clear();
        }

        return parts;
    }

    // Groups share a part as long as they fit; a group that is larger than a part is one by itself. Parts are of one kind of row.
    private void Put(List<OpenPart> parts, DomainDefinition domain, List<(long Sequence, Row Row)> rows)
    {
        var bytes = rows.Sum(row => (long)row.Row.Bytes);
        var part = parts.Find(open => open.Domain == domain
            && open.Rows.Count + rows.Count <= options.MaxPartRows && open.Bytes + bytes <= options.MaxPartBytes && RowKind.Of(open.Rows[0]) == RowKind.Of(rows[0].Row));
        if (part is null) parts.Add(part = new OpenPart(domain));
        foreach (var (sequence, row) in rows.OrderBy(row => row.Sequence)) part.Add(sequence, row);
    }

    private sealed class Group(DomainDefinition domain)
    {
        private double? _size;

        public DomainDefinition Domain { get; } = domain;

        public List<(long Sequence, Row Row)> Rows { get; } = [];

        public bool IsWhole => _size is { } size && Rows.Count >= size;

        public void Add(long sequence, Row row)
        {
            Rows.Add((sequence, row));
            if (row.Value("group_size") is { ValueKind: System.Text.Json.JsonValueKind.Number } size) _size = Math.Max(_size ?? 0, size.GetDouble());
        }
    }
}

/// <summary>Which of text and ids a row gives: rows of one part give the same, or one would get empty ids from its neighbour.</summary>
internal static class RowKind
{
    public static string Of(Row row) => (row.Value("prompt_ids") is not null, row.Value("response_ids") is not null) switch
    {
        (false, false) => "text",
        (false, true) => "response ids",
        (true, false) => "prompt ids",
        (true, true) => "ids",
    };
}
