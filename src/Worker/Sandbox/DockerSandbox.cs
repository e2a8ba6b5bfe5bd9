using Fleet.Rewards.Code;

namespace Fleet.Worker.Sandbox;

/// <summary>The sandbox of this worker: plans in, observations out, over slots of a container engine.</summary>
public sealed class DockerSandbox : ICodeSandbox, IAsyncDisposable
{
    private const int Attempts = 3;
    private const int StarvedAttempts = 2;

    private readonly SandboxOptions _options;
    private readonly TimeProvider _time;
    private readonly DockerEngine _engine;
    private readonly SlotPool _pool;
    private readonly EnginePatience _patience;
    private readonly string _folder;
    private readonly SemaphoreSlim _sweeping = new(1);
    private bool _swept;
    private int _processors = -1;
    private bool _attach;

    /// <summary>A sandbox; nothing is started before the first run.</summary>
    /// <exception cref="SandboxException">The options cannot work.</exception>
    public DockerSandbox(SandboxOptions options, TimeProvider time)
    {
        options.Validate();
        _options = options;
        _time = time;
        _engine = new DockerEngine(options);
        _attach = options.Transport == SlotTransport.Attach || (options.Transport == SlotTransport.Auto && !_engine.SharesFiles);
        _folder = Path.Combine(Path.GetTempPath(), $"{Orphans.FolderPrefix}{Environment.ProcessId}-{Guid.NewGuid():N}"[..40]);
        _patience = new EnginePatience(TimeSpan.FromSeconds(options.EnginePatienceSeconds), time);
        _pool = new SlotPool(options, time, StartSlotAsync);
    }

    /// <summary>How many slots are up.</summary>
    public int RunningSlots => _pool.Running;

    /// <inheritdoc/>
    public string Identity { get; private set; } = "";

    /// <inheritdoc/>
    public Task<IReadOnlyList<Observation>> RunAsync(CodePlan plan, CancellationToken cancel) =>
        WithSlotAsync(plan.Group, (slot, name) => RunAsync(plan, slot, name, cancel), cancel);

    /// <inheritdoc/>
    public async Task<RunCodeResult> RunCodeAsync(RunCodeRequest request, CancellationToken cancel)
    {
        try
        {
            return await WithSlotAsync("", (slot, name) => RunCodeExecution.RunAsync(request, run => RunUnstarvedAsync(slot, run, cancel), name, _options), cancel);
        }
        catch (SandboxException error)
        {
            return new RunCodeResult { Status = RunCodeResult.SandboxError, Message = error.Message };
        }
    }

    /// <summary>Removes what workers that are gone have left: containers and folders. Runs by itself before the first slot.</summary>
    public async Task SweepAsync(CancellationToken cancel)
    {
        await _sweeping.WaitAsync(cancel);
        try
        {
            if (!_swept) await Orphans.SweepAsync(_engine, cancel);
            _swept = true;
        }
        finally
        {
            _sweeping.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync();
        _engine.Dispose();
        _sweeping.Dispose();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private async Task<IReadOnlyList<Observation>> RunAsync(CodePlan plan, Slot slot, string name, CancellationToken cancel)
    {
        IReadOnlyList<SlotFile> compiled = [];
        if (PlanRuns.Compile(plan, _options) is { } compile)
        {
            var reply = await RunUnstarvedAsync(slot, compile, cancel);
            // The runner's own words when there is nothing to execute; no program has run yet that could have said them.
            if (reply.Status == 127 && SlotReply.Text(reply.Stderr).StartsWith("FileNotFoundError", StringComparison.Ordinal))
                throw new SandboxException($"The image {_options.Image} has no compiler for {plan.Language.Name()}.", "Make it anew with compose/images/make --java sandbox.", isTransient: false);
            if (reply.Status != 0 || reply.Limit.Length > 0) return [.. plan.Tests.Select(_ => PlanRuns.OfCompiler(reply, name))];
            compiled = reply.Files;
        }

        var observations = new List<Observation>();
        foreach (var test in plan.Tests)
        {
            var decided = plan.StopsAtTimeLimit && observations.Count > 0 && observations[^1] is { NotRun: true } or { Limit: LimitHit.Time };
            observations.Add(decided
                ? Observation.Skipped
                : PlanRuns.Of(plan, await RunUnstarvedAsync(slot, PlanRuns.Run(plan, test, compiled, _options), cancel), name));
        }

        return observations;
    }

    /// <summary>Runs again what ran out of time, and of patience, because others had the processor.</summary>
    /// <exception cref="SandboxException">So it did the second time: what the program would have done is not known.</exception>
    private static async Task<SlotReply> RunUnstarvedAsync(Slot slot, SlotRun run, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var reply = await slot.RunAsync(run, cancel);
            if (reply.Limit != "starved") return reply;
            if (attempt < StarvedAttempts) continue;
            throw new SandboxException(
                $"The machine was so busy that a program did not get {run.Seconds:0.###} s of a processor in {reply.Seconds:0} s.",
                "Give the worker more processors, or less to do.",
                isTransient: false);
        }
    }

    /// <summary>Does something with a slot; when the slot breaks, again with another one.</summary>
    private async Task<T> WithSlotAsync<T>(string group, Func<Slot, string, Task<T>> use, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var lease = await _pool.LeaseAsync(group, cancel);
                return await use(lease.Slot, lease.Name);
            }
            catch (SandboxException error) when (error.IsTransient && attempt < Attempts && error.InnerException is not EngineSilentException)
            {
                // Another slot, or the same place with a fresh container.
            }
        }
    }

    private Task<Slot> StartSlotAsync(int number, CancellationToken cancel) => _patience.WaitAsync(async () =>
    {
        await SweepAsync(cancel);
        Identity = await _engine.ImageIdAsync(_options.Image, cancel);
        if (_processors < 0) _processors = _options.Pin ? await _engine.ProcessorsAsync(cancel) : 0;
        int? processor = _processors > 0 ? number % _processors : null;
        try
        {
            return await Slot.StartAsync(_engine, _attach ? null : SlotFolder(number), number, processor, cancel);
        }
        catch (SlotBootException) when (!_attach && _options.Transport == SlotTransport.Auto)
        {
            // An engine behind a local socket that sees other files than we do: in a virtual machine, or beside our container.
            _attach = true;
            return await Slot.StartAsync(_engine, null, number, processor, cancel);
        }
        catch (SlotBootException error)
        {
            throw new SandboxException(error.Message, "", isTransient: true, error);
        }
    }, cancel);

    private string SlotFolder(int number)
    {
        Directory.CreateDirectory(_folder);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return Path.Combine(_folder, $"slot-{number}");
    }
}
