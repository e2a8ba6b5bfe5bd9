using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Fleet.Worker.Sandbox;

/// <summary>A file beside a program, by its path below the slot's <c>/tmp</c>.</summary>
internal readonly record struct SlotFile(string Path, byte[] Content);

/// <summary>One run on a slot: what the runner is told before it forks the program, and after.</summary>
internal sealed record SlotRun
{
    /// <summary>One of <c>script</c>, <c>call</c>, <c>split</c> (solution and tester), <c>text</c> (tester alone), <c>compile</c>.</summary>
    public required string Kind { get; init; }

    public required string Language { get; init; }

    public byte[] Program { get; init; } = [];

    public IReadOnlyList<SlotFile> Files { get; init; } = [];

    /// <summary>Files to bring back.</summary>
    public IReadOnlyList<string> Fetch { get; init; } = [];

    /// <summary>The function of a <c>call</c>.</summary>
    public string Function { get; init; } = "";

    public required double Seconds { get; init; }

    public required long Memory { get; init; }

    public required int OutputBytes { get; init; }

    /// <summary>What only the tester may know.</summary>
    public object Tests { get; init; } = new { };

    public byte[] Stdin { get; init; } = [];

    /// <summary>Whether the run is a tester's, whose time process 1 keeps; of other runs the handler does.</summary>
    public bool Judges => Kind is "split" or "text";

    /// <summary>What process 1 of the slot is told: the run's number, its seconds, and whether it keeps them.</summary>
    public byte[] Order(ulong number)
    {
        var order = new byte[sizeof(ulong) + sizeof(double) + 1];
        BinaryPrimitives.WriteUInt64LittleEndian(order, number);
        BinaryPrimitives.WriteDoubleLittleEndian(order.AsSpan(sizeof(ulong)), Seconds);
        order[^1] = Judges ? (byte)1 : (byte)0;
        return order;
    }

    /// <summary>The two frames of the run: the program's, which its process inherits, and the tests', which it does not.</summary>
    public IReadOnlyList<Frame> Frames()
    {
        var spec = new
        {
            kind = Kind,
            language = Language,
            program = Program.Length,
            files = Files.Select(file => new object[] { file.Path, file.Content.Length }),
            fetch = Fetch,
            function = Function,
            time = Seconds,
            memory = Memory,
            output = OutputBytes,
        };
        return [new Frame(spec, [Program, .. Files.Select(file => file.Content)]), new Frame(Tests, Stdin)];
    }
}

/// <summary>What a slot says of a run.</summary>
internal sealed record SlotReply
{
    /// <summary>Empty, <c>time</c>, <c>output</c>, or <c>starved</c>: out of time, but others had the processor.</summary>
    public required string Limit { get; init; }

    /// <summary>The program's exit status, negative for a signal; null when there was no program.</summary>
    public int? Status { get; init; }

    public double Seconds { get; init; }

    public long PeakMemory { get; init; }

    /// <summary>New processes that the kernel refused.</summary>
    public int Refused { get; init; }

    /// <summary>Processes that the kernel ended for memory.</summary>
    public int OutOfMemory { get; init; }

    public required byte[] Stdout { get; init; }

    public required byte[] Stderr { get; init; }

    public required byte[] Result { get; init; }

    /// <summary>The tester's <c>verdict</c>, <c>cause</c> and <c>message</c>; undefined when there was none.</summary>
    public JsonElement Tester { get; init; }

    public IReadOnlyList<SlotFile> Files { get; init; } = [];

    /// <summary>Reads a handler's answer, and what process 1 said after clearing up.</summary>
    public static SlotReply Read(JsonElement header, byte[] body, JsonElement after)
    {
        var at = 0;
        byte[] Next(int length) => body[at..(at += length)];
        int Number(string name) => header.TryGetProperty(name, out var value) ? value.GetInt32() : 0;
        return new SlotReply
        {
            Limit = header.GetProperty("limit").GetString()!,
            Status = header.TryGetProperty("status", out var status) ? status.GetInt32() : null,
            Seconds = header.GetProperty("seconds").GetDouble(),
            PeakMemory = (header.TryGetProperty("peak", out var peak) ? peak : after.GetProperty("peak")).GetInt64(),
            Refused = Counted(after, "refused"),
            OutOfMemory = Counted(after, "oom"),
            Stdout = Next(Number("stdout")),
            Stderr = Next(Number("stderr")),
            Result = Next(Number("result")),
            Tester = header.TryGetProperty("tester", out var tester) ? tester : default,
            Files = header.TryGetProperty("files", out var files) ? [.. files.EnumerateArray().Select(file => new SlotFile(file[0].GetString()!, Next(file[1].GetInt32())))] : [],
        };
    }

    /// <summary>The reply of a run whose tester ended without a word.</summary>
    public static SlotReply OfSilentTester(JsonElement after) => new()
    {
        Limit = "",
        Seconds = after.GetProperty("seconds").GetDouble(),
        PeakMemory = after.GetProperty("peak").GetInt64(),
        Refused = Counted(after, "refused"),
        OutOfMemory = Counted(after, "oom"),
        Stdout = [],
        Stderr = [],
        Result = [],
    };

    /// <summary>Bytes of a program as text, where what is no UTF-8 becomes U+FFFD.</summary>
    public static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static int Counted(JsonElement after, string name) => after.TryGetProperty(name, out var value) ? value.GetInt32() : 0;
}
