using System.Diagnostics;
using Fleet.Contracts.Names;
using Fleet.Dispatcher.Rollouts;

namespace Fleet.Cli.Progress;

/// <summary>Counts results as they come: by domain, status and reason.</summary>
internal sealed class Tally
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, DomainTally> _domains = new(StringComparer.Ordinal);
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _rows;

    /// <summary>Results so far.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>Counts per domain.</summary>
    public IReadOnlyList<KeyValuePair<string, DomainTally>> Domains
    {
        get
        {
            lock (_lock) return [.. _domains];
        }
    }

    /// <summary>Share of the rows without a score, invalid rows apart.</summary>
    /// <value>In [0, 1].</value>
    public double UnscoredShare
    {
        get
        {
            var domains = Domains.Select(domain => domain.Value).ToList();
            var valid = domains.Sum(domain => domain.Rows - domain.Invalid);
            return valid == 0 ? 0 : (double)domains.Sum(domain => domain.Rows - domain.Invalid - domain.Scored) / valid;
        }
    }

    public void Add(RowReward reward)
    {
        Interlocked.Increment(ref _rows);
        lock (_lock)
        {
            var name = reward.Domain ?? "(none)";
            if (!_domains.TryGetValue(name, out var domain)) _domains[name] = domain = new DomainTally();
            domain.Add(reward);
        }
    }

    /// <summary>Counts of one domain.</summary>
    internal sealed class DomainTally
    {
        public long Rows { get; private set; }

        public long Scored { get; private set; }

        public long Invalid { get; private set; }

        public double ScoreSum { get; private set; }

        /// <summary>What its judges were asked.</summary>
        public JudgeSpending Spent { get; private set; }

        /// <summary>Unscored rows by status and reason code.</summary>
        public SortedDictionary<string, long> Unscored { get; } = new(StringComparer.Ordinal);

        public void Add(RowReward reward)
        {
            Rows++;
            Spent += JudgeSpending.Of(reward.Detail);
            if (reward.Status == RowStatus.Scored)
            {
                Scored++;
                ScoreSum += reward.Score ?? 0;
                return;
            }

            if (reward.Status == RowStatus.Invalid) Invalid++;
            var key = $"{reward.Status.Word()}: {reward.ReasonCode}";
            Unscored[key] = Unscored.GetValueOrDefault(key) + 1;
        }
    }
}
