using System.Globalization;

namespace Fleet.Contracts.Names;

/// <summary>The names of all queues and exchanges.</summary>
/// <remarks>A queue of ours is reached through the fanout exchange of the same name, or through an exchange that it is bound to.</remarks>
public static class QueueNames
{
    /// <summary>Fanout of what workers tell of themselves; every dispatcher has a queue on it.</summary>
    public const string Announcements = "fleet.announcements";

    /// <summary>Direct exchange to the dispatcher that waits for a reply, by its name.</summary>
    public const string Replies = "fleet.replies";

    /// <summary>The queue that all ranks of a domain share.</summary>
    public static string Work(string domain) => $"fleet.{domain}.work";

    /// <summary>The queue of evaluation parts that all ranks of a domain share: done before those of <see cref="Work"/>.</summary>
    public static string Evaluation(string domain) => $"fleet.{domain}.eval";

    /// <summary>The queue of one rank of a domain.</summary>
    public static string Rank(string domain, int rank) => string.Create(CultureInfo.InvariantCulture, $"fleet.{domain}.rank-{rank}");

    /// <summary>Fanout to every worker of a domain: initialise, cancel, roll call.</summary>
    public static string Broadcast(string domain) => $"fleet.{domain}.broadcast";

    /// <summary>Direct exchange to one worker of a domain, by its name.</summary>
    public static string ToOneWorker(string domain) => $"fleet.{domain}.broadcast.one";

    /// <summary>One worker's own queue on its domain's broadcasts, and for what is told to it alone.</summary>
    public static string WorkerBroadcast(string domain, string worker) => $"fleet.{domain}.broadcast.{worker}";

    /// <summary>One dispatcher's own queue for replies.</summary>
    public static string DispatcherReplies(string dispatcher) => $"fleet.replies.{dispatcher}";

    /// <summary>One dispatcher's own queue on the announcements.</summary>
    public static string DispatcherAnnouncements(string dispatcher) => $"fleet.announcements.{dispatcher}";

    /// <summary>The queue of a domain's dead letters: what no worker could do, kept until somebody looks.</summary>
    public static string Dead(string domain) => $"fleet.{domain}.dead";

    /// <summary>The exclusive queue whose existence is the lease of a rank.</summary>
    public static string Lease(string domain, int rank) => string.Create(CultureInfo.InvariantCulture, $"fleet.{domain}.lease-{rank}");

    /// <summary>The permits of an account's budget that the workers of a domain share; <paramref name="unit"/> is <c>requests</c> or <c>tokens</c>.</summary>
    public static string Permits(string domain, string account, string unit) => $"fleet.{domain}.budget.{account}.{unit}";

    /// <summary>The queue whose one active consumer mints the permits of a queue.</summary>
    public static string Mint(string permits) => $"{permits}.mint";
}
