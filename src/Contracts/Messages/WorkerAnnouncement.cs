using Fleet.Contracts.Ranks;

namespace Fleet.Contracts.Messages;

/// <summary>What a worker tells of itself: when it joins, every second while it lives, and when it leaves.</summary>
public sealed record WorkerAnnouncement
{
    /// <summary>The worker: unique over all processes of all times.</summary>
    public required string Worker { get; init; }

    /// <summary>The domain that it serves.</summary>
    public required string Domain { get; init; }

    /// <summary>Its lease: which rank queue of the domain it serves.</summary>
    public required int Lease { get; init; }

    /// <summary>Its coordinates, as far as the worker sets them itself; null for plain data parallelism.</summary>
    public RankInfo? RankInfo { get; init; }

    /// <summary>Whether it joins, lives, drains or leaves.</summary>
    public required WorkerState State { get; init; }

    /// <summary>Parts that it works on at the same time.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>Slots without a part.</summary>
    public int FreeSlots { get; init; }

    /// <summary>The parts that it works on, as <see cref="PartKey.ToString"/> writes them: a part that it took and that is not here any more, and not answered, is lost.</summary>
    public IReadOnlyList<string> InHand { get; init; } = [];

    /// <summary>Version of the worker's build.</summary>
    public string Version { get; init; } = "";

    /// <summary>Wire version that it speaks.</summary>
    public int WireVersion { get; init; } = CommandHeader.CurrentVersion;

    /// <summary>The host and process id, for people.</summary>
    public string Host { get; init; } = "";

    /// <summary>The methods that can be called on it.</summary>
    public IReadOnlyList<RegisteredMethod> Methods { get; init; } = [];

    /// <summary>Whether a part may be scored twice and give the same result.</summary>
    public bool Repeatable { get; init; } = true;

    /// <summary>Rows scored since the worker started.</summary>
    public long RowsScored { get; init; }
}

/// <summary>Where a worker is in its life.</summary>
public enum WorkerState
{
    /// <summary>It has taken its lease and serves its queues.</summary>
    Live,

    /// <summary>It finishes what it has and takes nothing new.</summary>
    Draining,

    /// <summary>It has left.</summary>
    Left,
}
