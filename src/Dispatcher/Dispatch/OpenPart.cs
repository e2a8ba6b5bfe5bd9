using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>Rows of one domain and one kind that will travel together, with their places in the call.</summary>
internal sealed class OpenPart(DomainDefinition domain)
{
    public DomainDefinition Domain { get; } = domain;

    public List<Row> Rows { get; } = [];

    public List<long> Sequences { get; } = [];

    public long Bytes { get; private set; }

    // Rows that follow each other in one sandbox are not torn apart.
    public bool IsFullFor(Row row, int maxRows, int maxBytes) =>
        Bytes + row.Bytes > maxBytes
        || (Rows.Count >= maxRows && (row.Text("sandbox_group") is not { } group || group != Rows[^1].Text("sandbox_group")));

    public void Add(long sequence, Row row)
    {
        Rows.Add(row);
        Sequences.Add(sequence);
        Bytes += row.Bytes;
    }
}
