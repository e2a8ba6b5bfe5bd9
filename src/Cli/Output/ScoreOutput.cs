using Fleet.Contracts;
using Fleet.Dispatcher.Rollouts;

namespace Fleet.Cli.Output;

/// <summary>The results of one run of <c>fleet score</c>: in the order of the rows in its output, and on disk a moment after they came.</summary>
internal sealed class ScoreOutput : IAsyncDisposable
{
    private const string Journal = ".journal";
    private const int Buffer = 1 << 16;
    private static readonly TimeSpan KeepEvery = TimeSpan.FromMilliseconds(100);

    private readonly Stream _stream;
    private readonly RewardWriter _writer;
    private readonly ResumedOutput? _resumed;
    private readonly ResultJournal? _journal;
    private readonly bool _isPipe;
    private readonly Lock _lock = new();
    private readonly List<long> _written = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _keeping;
    private volatile Exception? _failure;

    private ScoreOutput(Stream stream, ResumedOutput? resumed, ResultJournal? journal, bool isPipe, TimeProvider time)
    {
        (_stream, _writer, _resumed, _journal, _isPipe) = (stream, new RewardWriter(stream, ownsStream: false), resumed, journal, isPipe);
        _keeping = isPipe ? Task.CompletedTask : KeepAsync(time);
    }

    /// <summary>What an earlier run says of a row, or null when the row is to be scored; null when there is none to go on with.</summary>
    public Func<Row, RowReward?>? Finished => _resumed is null ? null : Find;

    /// <summary>Is to be told of results as they come; null when none are kept before their turn.</summary>
    public Action<RowReward>? Came => _journal is null ? null : _journal.Came;

    /// <summary>Opens the output.</summary>
    /// <param name="path">Its file; null and <c>-</c> are standard output.</param>
    /// <param name="goesOn">Whether it goes on with what an earlier run left.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="FleetException">The file cannot be written, or not be gone on with.</exception>
    public static ScoreOutput Open(string? path, bool goesOn, TimeProvider time)
    {
        var resumed = goesOn ? ResumedOutput.Open(path) : null;
        if (path is null or "-") return new ScoreOutput(new BufferedStream(Console.OpenStandardOutput(), Buffer), null, null, isPipe: true, time);
        try
        {
            if (resumed is null) ResumedOutput.Forget(path);
            var stream = new FileStream(resumed?.Path ?? path, FileMode.Create, FileAccess.Write, FileShare.Read, Buffer);
            // A device or a pipe has nothing to go on with, and no place beside it.
            var isFile = stream.CanSeek && !Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal);
            return new ScoreOutput(stream, resumed, isFile ? OpenJournal(path + Journal, goesOn) : null, isPipe: false, time);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new FleetException($"The output '{path}' cannot be written: {refused.Message}", inner: refused);
        }
    }

    /// <summary>Writes the next result.</summary>
    /// <exception cref="FleetException">The output takes no more.</exception>
    public void Write(RowReward reward)
    {
        if (_failure is { } failure) throw Full(failure);
        try
        {
            lock (_lock)
            {
                _writer.Write(reward);
                // Whoever reads from a pipe sees each answer while input still flows.
                if (_isPipe) _stream.Flush();
                else if (_journal is not null) _written.Add(reward.Row.Number);
            }
        }
        catch (IOException full)
        {
            throw Full(full);
        }
    }

    /// <summary>Every row has its result.</summary>
    /// <exception cref="FleetException">The output takes no more.</exception>
    public async Task CompleteAsync()
    {
        await EndKeepingAsync();
        if (_failure is { } failure) throw Full(failure);
        _resumed?.Complete();
        _journal?.Delete();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndKeepingAsync();
        _journal?.Dispose();
        _resumed?.Dispose();
        await _stream.DisposeAsync();
        _end.Dispose();
    }

    // Where only the output itself may be written, a run that is killed loses what waits for its turn.
    private static ResultJournal? OpenJournal(string path, bool goesOn)
    {
        try
        {
            return ResultJournal.Open(path, goesOn);
        }
        catch (UnauthorizedAccessException refused) when (!goesOn)
        {
            Console.Error.WriteLine($"fleet: results that wait for their turn are lost when this run is killed: {refused.Message}");
            return null;
        }
    }

    private RowReward? Find(Row row)
    {
        if (_resumed!.Of(row) is not { } written) return _journal?.Find(row);
        _journal?.Forget(row);
        return written;
    }

    private async Task KeepAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(KeepEvery, time);
        try
        {
            while (_failure is null && await timer.WaitForNextTickAsync(_end.Token)) Keep();
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
    }

    private async Task EndKeepingAsync()
    {
        if (_end.IsCancellationRequested) return;
        await _end.CancelAsync();
        await _keeping;
        if (_failure is null) Keep();
    }

    // The output first: what the journal drops is in it.
    private void Keep()
    {
        try
        {
            lock (_lock)
            {
                _stream.Flush();
                _journal?.Written(_written);
                _written.Clear();
            }

            _journal?.Note();
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            _failure = full;
        }
    }

    private static FleetException Full(Exception failure) => new($"The results cannot be written: {failure.Message}", isTransient: true, failure);
}
