using System.Collections.Concurrent;
using Fleet.Contracts.Names;

namespace Fleet.Dispatcher.Dispatch;

/// <summary>How many rows of a domain make a part: as many as a worker scores in about a second, by what its last parts cost.</summary>
/// <remarks>
/// Large parts are cheap to send, but the last one of a call is waited for while other workers have nothing to do; and
/// what a lost worker had in hand is done again. A second is long beside the way through the broker and short beside both.
/// Where one row may take long by itself, the others of its part wait for it: there a part is a twentieth of that. A program
/// that loops takes longest, and beside any program its message costs nothing: each travels alone.
/// </remarks>
internal sealed class PartSizes(DispatcherOptions options)
{
    private const double WantedSeconds = 1;
    private const double WantedSecondsWhereOneMayTakeLong = 0.05;

    /// <summary>What the past counts for at each further part.</summary>
    private const double Memory = 0.9;

    /// <summary>Rows of the first parts of workers that are not ours, whose rows may cost anything.</summary>
    private const int Careful = 32;

    private static readonly HashSet<string> CheapRows = new(StringComparer.Ordinal)
    {
        Domains.MathRule, Domains.GeneralValRule, Domains.CrossThinkQa, Domains.MultipleChoiceBoxed, Domains.IfEval, Domains.CvDetection, Domains.VideoR1,
        // These ask a service for many rows of a part at once.
        Domains.LlmJudge, Domains.RemoteReward, Domains.RewardModel,
    };

    // A service that is slow.
    private static readonly HashSet<string> OneMayTakeLong = new(StringComparer.Ordinal) { Domains.LlmJudge, Domains.RemoteReward };

    // Seconds and rows of the last parts: one row that paid for a cold start does not make its domain slow.
    private readonly ConcurrentDictionary<string, (double Seconds, double Rows)> _last = new(StringComparer.Ordinal);

    /// <summary>Rows of the next part of a domain.</summary>
    public int RowsOf(string domain)
    {
        if (domain == Domains.CodeSandbox) return 1;
        if (SecondsOfRow(domain) is not { } seconds) return CheapRows.Contains(domain) ? options.MaxPartRows : Math.Min(Careful, options.MaxPartRows);
        var wanted = OneMayTakeLong.Contains(domain) ? WantedSecondsWhereOneMayTakeLong : WantedSeconds;
        return (int)Math.Clamp(wanted / Math.Max(seconds, 1e-9), 1, options.MaxPartRows);
    }

    /// <summary>What a row of a domain costs a worker; null while nobody knows.</summary>
    /// <value>Seconds.</value>
    public double? SecondsOfRow(string domain) => _last.TryGetValue(domain, out var last) ? last.Seconds / last.Rows : null;

    /// <summary>Takes note of what a part cost.</summary>
    public void Took(string domain, int rows, double seconds)
    {
        if (rows <= 0 || !double.IsFinite(seconds) || seconds < 0) return;
        _last.AddOrUpdate(domain, (seconds, rows), (_, before) => ((Memory * before.Seconds) + seconds, (Memory * before.Rows) + rows));
    }
}
