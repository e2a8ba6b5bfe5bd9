using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;

namespace Fleet.Worker.Sandbox;

/// <summary>A warm container that runs one program after the other and forgets each.</summary>
/// <remarks>
/// It lives as long as the worker's end of its channel: when the worker dies, however, process 1 of the container reads
/// the end of the stream, leaves, and takes container and all with it.
/// </remarks>
internal sealed class Slot : IAsyncDisposable
{
    // Two uids a run out of as many; uids of slots side by side should differ, for some of the kernel's accounts are by uid.
    private const int Uids = 1_000;
    private const int FirstUid = 10_000;
    private const int UidRanges = 50;

    // Not the process number: in containers it is the same for all workers of a machine.
    private static readonly int FirstRange = RandomNumberGenerator.GetInt32(UidRanges);

    private static readonly TimeSpan BootTime = TimeSpan.FromSeconds(30);

    // How long the runner may take: beyond its own last deadline, which is thirty times the limit where a run waits for a processor.
    private const int Patience = 31;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    private readonly DockerEngine _engine;
    private readonly string _container;
    private readonly SlotChannel _channel;

    private Slot(DockerEngine engine, string container, SlotChannel channel)
    {
        _engine = engine;
        _container = container;
        _channel = channel;
    }

    /// <summary>Runs so far.</summary>
    public int Runs { get; private set; }

    /// <summary>Whether the slot must not be used again.</summary>
    public bool Spoilt { get; private set; }

    /// <summary>Starts a slot.</summary>
    /// <param name="engine">The engine that runs it.</param>
    /// <param name="folder">A folder for its socket, made here; null to attach instead.</param>
    /// <param name="number">Its number among the worker's slots.</param>
    /// <param name="processor">The processor that it is bound to; null for any.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<Slot> StartAsync(DockerEngine engine, string? folder, int number, int? processor, CancellationToken cancel)
    {
        var firstUid = (FirstUid + (FirstRange + number) % UidRanges * Uids).ToString(CultureInfo.InvariantCulture);
        var uids = Uids.ToString(CultureInfo.InvariantCulture);
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        within.CancelAfter(BootTime);
        string? container = null;
        Stream? stream = null;
        try
        {
            if (folder is null)
            {
                container = await engine.CreateAsync(["attach", firstUid, uids], null, processor, within.Token);
                stream = await engine.AttachAsync(container, within.Token);
                await engine.StartAsync(container, within.Token);
            }
            else
            {
                using var listener = Listen(folder);
                container = await engine.CreateAsync(["/fleet/worker", firstUid, uids], folder, processor, within.Token);
                await engine.StartAsync(container, within.Token);
                stream = new NetworkStream(await listener.AcceptAsync(within.Token), ownsSocket: true);
                // From here on there is nothing in the folder that a program could connect to.
                File.Delete(SocketPath(folder));
            }

            var channel = new SlotChannel(stream);
            await channel.SendRawAsync(RunnerSource.Bundle, within.Token);
            await channel.ReceiveAsync(within.Token);
            return new Slot(engine, container, channel);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            if (stream is not null) await stream.DisposeAsync();
            if (container is not null) await engine.RemoveAsync(container, CancellationToken.None);
            cancel.ThrowIfCancellationRequested();
            var said = stream is AttachedStream { Errors.Length: > 0 } attached ? $" It said: {attached.Errors.Trim()}" : "";
            throw new SlotBootException($"A slot's container started but did not report within {BootTime.TotalSeconds:0} s ({error.Message}).{said}", error);
        }
    }

    /// <summary>Runs one program.</summary>
    /// <exception cref="SandboxException">The slot broke; it must not be used again.</exception>
    public async Task<SlotReply> RunAsync(SlotRun run, CancellationToken cancel)
    {
        Runs++;
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        within.CancelAfter(TimeSpan.FromSeconds(run.Seconds * Patience) + Grace);
        try
        {
            // A number that nothing in the slot could know before: no answer to a later run can have been left behind.
            var number = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
            // The slot may answer before it has read everything, so reading may not wait for writing.
            var sending = _channel.SendAsync(run.Order(number), run.Frames(), within.Token);
            (JsonElement Header, byte[] Body)? answer = null;
            while (true)
            {
                var (header, body) = await _channel.ReceiveAsync(within.Token);
                if (!header.TryGetProperty("slot", out _))
                {
                    if (header.GetProperty("run").GetUInt64() != number) throw new InvalidDataException("an answer to another run");
                    answer ??= (header, body);
                    continue;
                }

                await sending;
                Spoilt = header.GetProperty("dirty").GetBoolean();
                if (answer is { } said) return SlotReply.Read(said.Header, said.Body, header);
                var status = header.GetProperty("handler") is { ValueKind: JsonValueKind.Number } ended ? ended.GetInt32() : 1;
                // A tester only runs the row's own tests; what ends it without a word is what the program makes it hold or do.
                return run.Judges && status is <= 0
                    ? SlotReply.OfSilentTester(header)
                    : throw new SandboxException($"The runner of a slot ended with status {status} and without an answer.", "", isTransient: true);
            }
        }
        catch (SandboxException)
        {
            Spoilt = true;
            throw;
        }
        catch (Exception error) when (error is IOException or SocketException or InvalidDataException or JsonException or KeyNotFoundException or OperationCanceledException)
        {
            Spoilt = true;
            cancel.ThrowIfCancellationRequested();
            throw new SandboxException($"A slot was lost while a program ran ({error.Message.TrimEnd('.')}).", "", isTransient: true, error);
        }
    }

    /// <summary>Ends the slot: its process 1 leaves when the channel closes, and the container is removed in any case.</summary>
    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        try
        {
            await _engine.RemoveAsync(_container, CancellationToken.None);
        }
        catch (Exception error) when (error is EngineSilentException or SandboxException or ObjectDisposedException)
        {
            // Without an engine there is no container either; one that comes back removes it, or the next worker does.
        }
    }

    private static string SocketPath(string folder) => Path.Combine(folder, "worker");

    private static Socket Listen(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = SocketPath(folder);
        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        // Process 1 of the slot is root without the right to overlook permissions. The folder above is the worker's alone.
        if (OperatingSystem.IsWindows()) return listener;
        const UnixFileMode everybodyReads = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(folder, everybodyReads);
        File.SetUnixFileMode(path, everybodyReads | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);
        return listener;
    }
}

/// <summary>A slot's container started, but its runner was not heard of.</summary>
internal sealed class SlotBootException(string message, Exception cause) : Exception(message, cause);
