using System.Security.Cryptography;
using System.Text;
using Fleet.Rewards.Code;

namespace Fleet.Worker.Sandbox;

/// <summary>Runs identical plans once: what their programs did, kept for a bounded number of plans.</summary>
/// <remarks>
/// The key is everything that a run depends on: program, tests, limits and the sandbox's identity. What the tests expect
/// is not in it, for it is compared later. Plans in flight are shared too; what failed is forgotten at once.
/// </remarks>
public sealed class ObservationCache(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();

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
                _byUse.Remove(known);
                _byUse.AddFirst(known);
                return (known.Value.Observations, false);
            }

            source = new TaskCompletionSource<IReadOnlyList<Observation>>(TaskCreationOptions.RunContinuationsAsynchronously);
            _entries[key] = _byUse.AddFirst(new Entry(key, source.Task));
            if (_entries.Count > capacity)
            {
                _entries.Remove(_byUse.Last!.Value.Key);
                _byUse.RemoveLast();
            }
        }

        _ = CompleteAsync(key, source, run());
        return (source.Task, true);
    }

    private async Task CompleteAsync(string key, TaskCompletionSource<IReadOnlyList<Observation>> source, Task<IReadOnlyList<Observation>> running)
    {
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!running.IsCompletedSuccessfully) Forget(key, source.Task);
        source.SetFromTask(running);
    }

    private void Forget(string key, Task observations)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry) || entry.Value.Observations != observations) return;
            _entries.Remove(key);
            _byUse.Remove(entry);
        }
    }

    private sealed record Entry(string Key, Task<IReadOnlyList<Observation>> Observations);
}
