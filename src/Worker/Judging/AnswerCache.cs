using System.Security.Cryptography;
using System.Text;
using Fleet.Rewards.Judge;

namespace Fleet.Worker.Judging;

/// <summary>Remembers a judge's readable answers, so that a row that comes again costs nothing and is judged the same.</summary>
/// <remarks>
/// The key holds the judge, the request's text, the row's id and the sample: rows with the same text and the samples of an
/// ensemble never read each other's answers. A row that its id does not tell from all others has no key
/// (<see cref="JudgedRow"/>). The oldest answer makes room for the newest.
/// </remarks>
internal sealed class AnswerCache(int capacity)
{
    private readonly Dictionary<string, JudgeAnswer> _answers = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private readonly Lock _lock = new();

    public static string Key(string identity, string row, JudgeAsk ask)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add($"{identity}\n{ask.Name}");
        Add(row);
        foreach (var (role, content) in ask.Messages)
        {
            Add(role);
            Add(content);
        }

        return Convert.ToBase64String(hash.GetHashAndReset());

        void Add(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }

    public JudgeAnswer? Find(string key)
    {
        lock (_lock) return _answers.GetValueOrDefault(key);
    }

    public void Keep(string key, JudgeAnswer answer)
    {
        if (capacity <= 0) return;
        lock (_lock)
        {
            if (!_answers.TryAdd(key, answer)) return;
            _order.Enqueue(key);
            if (_order.Count > capacity) _answers.Remove(_order.Dequeue());
        }
    }
}
