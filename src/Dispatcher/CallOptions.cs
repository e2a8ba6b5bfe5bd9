using Fleet.Contracts.Messages;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Rollouts;

namespace Fleet.Dispatcher;

/// <summary>How one call is made.</summary>
public sealed record CallOptions
{
    /// <summary>How long the call may take; null for the dispatcher's own limit.</summary>
    /// <value>Above 0.</value>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether results come in the order of the rows, or as they finish.</summary>
    /// <value>The default is in order.</value>
    public bool InOrder { get; init; } = true;

    /// <summary>Rows of this call that are read but not answered; null for the dispatcher's own limit.</summary>
    /// <value>At least 1.</value>
    public int? MaxRowsInFlight { get; init; }

    /// <summary>How rows reach the workers.</summary>
    /// <value>The default is the shared queue of each domain.</value>
    public Spread Spread { get; init; } = Spread.Shared;

    /// <summary>Which calls this one goes before. An evaluation always uses the shared queue of its lane, whatever <see cref="Spread"/> says.</summary>
    /// <value>The default is training.</value>
    public Lane Lane { get; init; }

    /// <summary>What is known of a row already: asked once for each row, in their order; a row without an answer is scored.</summary>
    public Func<Row, RowReward?>? Finished { get; init; }

    /// <summary>Is told of each result as it comes, before its turn and before it is shaped, on whatever thread that is; not of those that were known already.</summary>
    public Action<RowReward>? Came { get; init; }

    /// <summary>Whether a part that no worker can do is kept with the dead letters; rows that come from there have their letter already.</summary>
    /// <value>The default is true.</value>
    public bool BuryFailures { get; init; } = true;

    /// <summary>Which tokens of a batch's responses get rewards.</summary>
    /// <value>The default is none, as the reference's workers do it.</value>
    public TokenRewards TokenRewards { get; init; }
}

/// <summary>How rows reach the workers of a domain.</summary>
public enum Spread
{
    /// <summary>One queue from which every rank takes: slow rows hold up nobody else.</summary>
    Shared,

    /// <summary>Shard i to rank i, as the reference does it: q+1 rows to the first r ranks.</summary>
    Ranks,
}
