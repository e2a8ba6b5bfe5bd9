using System.Security.Cryptography;
using System.Text;
using Fleet.Rewards.Code;

namespace Fleet.Worker.Sandbox;

/// <summary>Runs identical plans once: those in flight are shared, and what programs did is kept for a bounded number of plans.</summary>
/// <remarks>
/// The key is everything that a run depends on: program, tests, limits and the sandbox's identity. What the tests expect
/// is not in it, for it is compared later. What failed is forgotten at once.
/// </remarks>
/// <param name="capacity">Plans kept after their run; fewer where they printed more than 16 million characters.</param>
public sealed class ObservationCache(int capacity)
{
    private const long MostCharacters = 16_000_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private long _characters;

    /// <summary>How often a plan was answered without a run.</summary>
    public long Hits { get; private set; }

    /// <summary>The observations of a plan: those kept, those awaited already, or those of a run now.</summary>
    public async Task<IReadOnlyList<Observation>> GetAsync(string key, Func<Task<IReadOnlyList<Observation>>> run, CancellationToken cancel)
    {
        while (true)
        {
            var (entry, mine) = Find(key, run);
            try
            {
                return await entry.WaitAsync(cancel);
            }
            catch (OperationCanceledException) when (!mine && !cancel.IsCancellationRequested)
            {
                // Whoever ran it was cancelled; we were not.
            }
        }
    }

    /// <summary>The key of a plan.</summary>
    public static string KeyOf(CodePlan plan, string identity)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        Add(identity);
        Add($"{plan.Kind} {plan.Language} {plan.Limits} {plan.StopsAtTimeLimit}");
        Add(plan.Function);
        Add(plan.Program);
        foreach (var test in plan.Tests)
        {
            Add(test.Stdin);
            Add(test.Code);
            Add(test.ImportPrefix);
            Add(test.EntryPoint);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private (Task<IReadOnlyList<Observation>> Observations, bool Mine) Find(string key, Func<Task<IReadOnlyList<Observation>>> run)
    {
        TaskCompletionSource<IReadOnlyList<Observation>> source;
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var known))
            {
                Hits++;
                if (known.List is not null)
                {
                    _byUse.Remove(known);
                    _byUse.AddFirst(known);
                }

                return (known.Value.Observations, false);
            }

            source = new TaskCompletionSource<IReadOnlyList<Observation>>(TaskCreationOptions.RunContinuationsAsynchronously);
            _entries[key] = new LinkedListNode<Entry>(new Entry(key, source.Task));
        }

        _ = CompleteAsync(key, source, run());
        return (source.Task, true);
    }

    private async Task CompleteAsync(string key, TaskCompletionSource<IReadOnlyList<Observation>> source, Task<IReadOnlyList<Observation>> running)
    {
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (running.IsCompletedSuccessfully)
        {
            var observations = await running;
            lock (_lock) Keep(_entries[key], observations);
        }
        else
        {
            lock (_lock) _entries.Remove(key);
        }

        source.SetFromTask(running);
    }

    private void Keep(LinkedListNode<Entry> entry, IReadOnlyList<Observation> observations)
    {
        entry.Value.Characters = observations.Sum(seen => (long)seen.Stdout.Length + seen.Stderr.Length + seen.Message.Length + (seen.Result?.Length ?? 0));
        _characters += entry.Value.Characters;
        _byUse.AddFirst(entry);
        while (_byUse.Count > capacity || _characters > MostCharacters)
        {
            var last = _byUse.Last!.Value;
            _byUse.RemoveLast();
            _entries.Remove(last.Key);
            _characters -= last.Characters;
        }
    }

    private sealed record Entry(string Key, Task<IReadOnlyList<Observation>> Observations)
    {
        /// <summary>What the programs printed, once they have run.</summary>
        public long Characters { get; set; }
    }
}
