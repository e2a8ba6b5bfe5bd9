using Fleet.Rewards;
using Fleet.Worker.Runs;
using Fleet.Worker.Scoring;

namespace Fleet.Integration.Tests.Cli;

/// <summary>A custom worker that notes each response that it scores in a file; the response <see cref="Held"/> waits until another file is there.</summary>
public sealed class NotedRewardWorker : RewardWorker
{
    /// <summary>The response that waits; it is noted before it does.</summary>
    public const string Held = "held";

    private static readonly Lock Gate = new();

    private string _notes = "";
    private string _open = "";

    public override async Task InitializeAsync(WorkerSetup setup, CancellationToken cancellation)
    {
        await base.InitializeAsync(setup, cancellation);
        (_notes, _open) = (Config.Text("notes")!, Config.Text("open")!);
    }

    protected internal override async ValueTask<RewardScore> ScoreAsync(Rollout rollout, CancellationToken cancellation)
    {
        lock (Gate) File.AppendAllText(_notes, rollout.Response + "\n");
        while (rollout.Response == Held && !File.Exists(_open)) await Task.Delay(20, cancellation);
        return RewardScore.Scored(1, new Reason("noted"));
    }
}

/// <summary>A folder with the configuration, the notes and the gate of a <see cref="NotedRewardWorker"/>.</summary>
internal sealed class NotedFolder : IDisposable
{
    public const string Domain = "noted";

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet").FullName;

    /// <param name="slots">Parts that the worker works on at once; each has one row.</param>
    public NotedFolder(int slots) => File.WriteAllText(Config, $"""
        rewards:
          {Domain}:
            worker_cls: {nameof(NotedRewardWorker)}
            tag_included: []
            notes: {Path("notes")}
            open: {Path("open")}
        slots: {slots}
        limits:
          max_part_rows: 1
          row_timeout_s: 600
        plugins:
          folder: {AppContext.BaseDirectory}
          allow: [Fleet.Integration.Tests.dll]
        """);

    public string Config => Path("config.yaml");

    /// <summary>The responses that were scored, or begun, in their order.</summary>
    public string[] Notes => File.Exists(Path("notes")) ? File.ReadAllLines(Path("notes")) : [];

    public string Path(string name) => System.IO.Path.Combine(_folder, name);

    /// <summary>Writes rows and gives their file.</summary>
    public string Rows(params IEnumerable<string> responses)
    {
        var path = Path($"rows-{Guid.NewGuid().ToString("N")[..6]}.jsonl");
        File.WriteAllLines(path, responses.Select((response, id) => $$"""{"id":{{id}},"domain":"{{Domain}}","response":"{{response}}"}"""));
        return path;
    }

    /// <summary>Lets the rows go that wait.</summary>
    public void Open() => File.WriteAllText(Path("open"), "");

    /// <summary>Waits until something in the folder is as the test wants it.</summary>
    public async Task WaitAsync(Func<bool> holds)
    {
        using var watcher = new FileSystemWatcher(_folder) { NotifyFilter = NotifyFilters.Size | NotifyFilters.FileName, EnableRaisingEvents = true };
        using var changed = new SemaphoreSlim(0);
        watcher.Changed += (_, _) => changed.Release();
        watcher.Created += (_, _) => changed.Release();
        watcher.Renamed += (_, _) => changed.Release();
        while (!holds()) await changed.WaitAsync().WaitAsync(FleetProcess.Patience);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
