using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Fleet.Contracts;
using Fleet.Dispatcher.Rollouts;

namespace Fleet.Cli.Output;

/// <summary>Results that came before their turn, kept beside the output, so that a run that is killed has not scored them for nothing.</summary>
/// <remarks>
/// The output is in the order of the rows, so whatever is done behind a row that is not waits in memory. What still waits at
/// <see cref="Note"/> is written here, each result as a line with the number of its row. The file is written anew when most of
/// it is in the output by then: it stays as small as what waits.
/// </remarks>
internal sealed class ResultJournal : IDisposable
{
    private const string Next = ".next";
    private const int Slack = 4096;

    private readonly string _path;
    private readonly Lock _lock = new();
    private readonly Dictionary<long, JsonElement> _earlier = [];
    private readonly Dictionary<long, RowReward> _waiting = [];
    private readonly List<RowReward> _fresh = [];
    private RewardWriter _writer;
    private Stream _file;
    private int _lines;

    private ResultJournal(string path, bool goesOn)
    {
        _path = path;
        if (goesOn) ReadEarlier();
        Rewrite();
    }

    /// <summary>Begins a journal.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="goesOn">Whether what an earlier run left there still counts.</param>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read or written.</exception>
    public static ResultJournal Open(string path, bool goesOn) => new(path, goesOn);

    /// <summary>What an earlier run noted of a row; null when the row is to be scored.</summary>
    /// <exception cref="FleetException">It is of a row of another input.</exception>
    public RowReward? Find(Row row)
    {
        lock (_lock)
        {
            if (!_earlier.Remove(row.Number, out var result) || FinishedRows.Of(result, row, _path) is not { } reward) return null;
            return _waiting[row.Number] = reward;
        }
    }

    /// <summary>The output of an earlier run has the row, whatever was noted of it.</summary>
    public void Forget(Row row)
    {
        lock (_lock) _earlier.Remove(row.Number);
    }

    /// <summary>A result came; it waits until it is in the output. One that does not stand is no loss.</summary>
    public void Came(RowReward reward)
    {
        if (!FinishedRows.Stands(reward.Status)) return;
        lock (_lock)
        {
            _waiting[reward.Row.Number] = reward;
            _fresh.Add(reward);
        }
    }

    /// <summary>Results are in the output, and not only on their way to it.</summary>
    public void Written(IEnumerable<long> rows)
    {
        lock (_lock)
        {
            foreach (var row in rows) _waiting.Remove(row);
        }
    }

    /// <summary>Writes down what came since the last time and still waits.</summary>
    public void Note()
    {
        List<RowReward> fresh;
        bool isMostlyOld;
        lock (_lock)
        {
            fresh = [.. _fresh.Where(reward => _waiting.ContainsKey(reward.Row.Number))];
            _fresh.Clear();
            isMostlyOld = _lines + fresh.Count > (2 * (_waiting.Count + _earlier.Count)) + Slack;
        }

        if (isMostlyOld)
        {
            Rewrite();
        }
        else if (fresh.Count > 0)
        {
            foreach (var reward in fresh) _writer.Write(reward, isNumbered: true);
            _lines += fresh.Count;
            _file.Flush();
        }
    }

    /// <summary>Every row is in the output: the file goes.</summary>
    public void Delete()
    {
        _file.Dispose();
        File.Delete(_path);
    }

    public void Dispose()
    {
        if (_lines == 0) Delete();
        else _file.Dispose();
    }

    // A last line that was cut in the middle is as if it were not there.
    private void ReadEarlier()
    {
        if (!File.Exists(_path)) return;
        foreach (var line in File.ReadLines(_path))
        {
            try
            {
                var result = JsonDocument.Parse(line).RootElement;
                if (result.ValueKind == JsonValueKind.Object && result.TryGetProperty("line", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var row)) _earlier[row] = result;
            }
            catch (JsonException)
            {
                // It was not written to its end.
            }
        }
    }

    [MemberNotNull(nameof(_file), nameof(_writer))]
    private void Rewrite()
    {
        List<JsonElement> earlier;
        List<RowReward> waiting;
        lock (_lock)
        {
            (earlier, waiting) = ([.. _earlier.Values], [.. _waiting.Values]);
            _fresh.Clear();
        }

        var file = new FileStream(_path + Next, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete, 1 << 16);
        foreach (var result in earlier)
        {
            file.Write(Encoding.UTF8.GetBytes(result.GetRawText()));
            file.WriteByte((byte)'\n');
        }

        var writer = new RewardWriter(file, ownsStream: false);
        foreach (var reward in waiting) writer.Write(reward, isNumbered: true);
        file.Flush();
        File.Move(_path + Next, _path, overwrite: true);
        _file?.Dispose();
        (_file, _writer, _lines) = (file, writer, earlier.Count + waiting.Count);
    }
}
