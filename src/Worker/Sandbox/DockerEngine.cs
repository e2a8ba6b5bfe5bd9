using System.Net;
using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Fleet.Worker.Sandbox;

/// <summary>The container engine: the only place that knows its client library.</summary>
/// <remarks>Requests carry no API version, so that engines from API 1.41 on answer with what they have.</remarks>
internal sealed class DockerEngine : IDisposable
{
    private const string SlotLabel = "fleet.sandbox";
    private const string OwnerLabel = "fleet.sandbox.owner";
    private const long Megabyte = 1 << 20;

    // What a slot needs beside the program: the runner's processes, their buffers and the tester.
    private const int RunnerMegabytes = 256;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SandboxOptions _options;
    private readonly DockerClient _client;

    public DockerEngine(SandboxOptions options)
    {
        _options = options;
        _client = new DockerClientBuilder().WithEndpoint(new Uri(options.Engine)).WithTimeout(Timeout.InfiniteTimeSpan).Build();
    }

    /// <summary>Whether engine and worker see the same files, as far as can be told from here.</summary>
    public bool SharesFiles =>
        new Uri(_options.Engine).Scheme == "unix" && !OperatingSystem.IsWindows() && !IsInContainer;

    /// <summary>Whether this process is itself in a container: Docker's and Podman's marks, and Kubernetes's, whose runtimes leave none.</summary>
    private static bool IsInContainer =>
        File.Exists("/.dockerenv") || File.Exists("/run/.containerenv") || Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 };

    /// <summary>The id of an image, which changes with its content.</summary>
    public Task<string> ImageIdAsync(string image, CancellationToken cancel) => AskAsync(async within =>
    {
        try
        {
            return (await _client.Images.InspectImageAsync(image, within)).ID;
        }
        catch (DockerApiException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            throw new SandboxException($"The engine has no image {image}.", "Make it with compose/images/make sandbox, or start once with --setup.", isTransient: false);
        }
    }, cancel);

    /// <summary>How many processors the engine's machine has, 0 when slots cannot be bound to one.</summary>
    public Task<int> ProcessorsAsync(CancellationToken cancel) => AskAsync(async within =>
    {
        var info = await _client.System.GetSystemInfoAsync(within);
        return info.CPUSet ? (int)info.NCPU : 0;
    }, cancel);

    /// <summary>Creates a slot's container, not yet started.</summary>
    /// <param name="arguments">What the boot program is told: where the worker is, and which uids runs get.</param>
    /// <param name="folder">A folder of this machine that the slot sees read-only as <c>/fleet</c>; null for none.</param>
    /// <param name="processor">The processor that the slot is bound to; null for any.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<string> CreateAsync(IReadOnlyList<string> arguments, string? folder, int? processor, CancellationToken cancel) => AskAsync(async within =>
    {
        var memory = (_options.MaxMemoryMegabytes + _options.TemporaryMegabytes + RunnerMegabytes) * Megabyte;
        var created = await _client.Containers.CreateContainerAsync(new CreateContainerParameters
        {
            Image = _options.Image,
            Cmd = ["python3", "-s", "-B", "-c", RunnerSource.Boot, .. arguments],
            // The same order of sets and the like in every slot, so that a program does the same in each.
            Env = ["PYTHONHASHSEED=0"],
            User = "0:0",
            WorkingDir = "/",
            Labels = new Dictionary<string, string> { [SlotLabel] = "1", [OwnerLabel] = SlotOwner.Self.ToString() },
            OpenStdin = folder is null,
            StdinOnce = folder is null,
            AttachStdin = folder is null,
            AttachStdout = folder is null,
            AttachStderr = folder is null,
            NetworkDisabled = true,
            HostConfig = new HostConfig
            {
                AutoRemove = true,
                NetworkMode = "none",
                IpcMode = "none",
                ReadonlyRootfs = true,
                Tmpfs = new Dictionary<string, string> { ["/tmp"] = $"rw,nosuid,nodev,exec,size={_options.TemporaryMegabytes}m,nr_inodes=4096,mode=1777" },
                CapDrop = ["ALL"],
                // The runner's own: to become a run's uid, and to end what runs under it.
                CapAdd = ["SETUID", "SETGID", "KILL"],
                SecurityOpt = ["no-new-privileges", "seccomp=" + RunnerSource.Seccomp],
                PidsLimit = _options.Processes,
                Memory = memory,
                MemorySwap = memory,
                CpusetCpus = processor?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "",
                Ulimits = [new Ulimit { Name = "core", Soft = 0, Hard = 0 }, new Ulimit { Name = "nofile", Soft = 1024, Hard = 1024 }],
                LogConfig = new LogConfig { Type = "none" },
                Binds = folder is null ? [] : [$"{folder}:/fleet:ro"],
                Runtime = _options.Runtime.Length > 0 ? _options.Runtime : null!,
            },
        }, within);
        return created.ID;
    }, cancel);

    /// <summary>Starts a container.</summary>
    public Task StartAsync(string container, CancellationToken cancel) =>
        AskAsync(within => _client.Containers.StartContainerAsync(container, new ContainerStartParameters(), within), cancel);

    /// <summary>A container's standard streams, to be opened before it starts.</summary>
    public Task<Stream> AttachAsync(string container, CancellationToken cancel) => AskAsync(async within =>
    {
        var parameters = new ContainerAttachParameters { Stream = true, Stdin = true, Stdout = true, Stderr = true };
        return (Stream)new AttachedStream(await _client.Containers.AttachContainerAsync(container, parameters, within));
    }, cancel);

    /// <summary>Removes a container, running or not; one that is gone is no fault.</summary>
    public Task RemoveAsync(string container, CancellationToken cancel) => AskAsync(async within =>
    {
        try
        {
            await _client.Containers.RemoveContainerAsync(container, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, within);
        }
        catch (DockerApiException error) when (error.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Gone, or on its way: slots remove themselves when they end.
        }

        return true;
    }, cancel);

    /// <summary>The containers of slots, whoever's they are, with their owners.</summary>
    public Task<IReadOnlyList<(string Container, SlotOwner? Owner)>> SlotsAsync(CancellationToken cancel) => AskAsync<IReadOnlyList<(string, SlotOwner?)>>(async within =>
    {
        var filter = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [SlotLabel] = true } };
        var found = await _client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = filter }, within);
        return [.. found.Select(container => (container.ID, container.Labels.TryGetValue(OwnerLabel, out var owner) ? SlotOwner.Parse(owner) : null))];
    }, cancel);

    public void Dispose() => _client.Dispose();

    /// <summary>Asks the engine, and turns every way in which it may not answer into one exception.</summary>
    private async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        within.CancelAfter(Patience);
        try
        {
            return await ask(within.Token);
        }
        catch (OperationCanceledException error) when (!cancel.IsCancellationRequested)
        {
            throw new EngineSilentException($"The container engine at {_options.Engine} took longer than {Patience.TotalSeconds:0} s.", error);
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or IOException or TimeoutException)
        {
            throw new EngineSilentException($"The container engine at {_options.Engine} does not answer ({Innermost(error)}).", error);
        }
        catch (DockerApiException error)
        {
            throw new SandboxException($"The container engine refused: {Clip(error.ResponseBody ?? error.Message)}", "", isTransient: (int)error.StatusCode >= 500, error);
        }
    }

    private static string Innermost(Exception error) => (error.InnerException is { } inner ? Innermost(inner) : error.Message).TrimEnd('.');

    private static string Clip(string text) => text.Length <= 300 ? text.Trim() : text[..300].Trim() + "...";
}
