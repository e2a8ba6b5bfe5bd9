namespace Fleet.Rewards.Code;

/// <summary>Which limit ended a run.</summary>
public enum LimitHit
{
    /// <summary>None did.</summary>
    None,

    /// <summary>Time.</summary>
    Time,

    /// <summary>Memory.</summary>
    Memory,

    /// <summary>Output.</summary>
    Output,

    /// <summary>The number of processes.</summary>
    Processes,
}

/// <summary>What the tester said of one test.</summary>
public enum TesterVerdict
{
    /// <summary>Nothing: there was no tester, or it did not come to its end.</summary>
    None,

    /// <summary>It came to its end.</summary>
    Passed,

    /// <summary>A test failed or raised.</summary>
    Failed,

    /// <summary>The test code itself cannot run.</summary>
    Broken,
}

/// <summary>What was seen of one test. It holds no judgement: <see cref="CodeVerdict"/> judges.</summary>
public sealed record Observation
{
    /// <summary>The observation of a test that was left out because the score was known before.</summary>
    public static Observation Skipped { get; } = new() { NotRun = true };

    /// <summary>Whether the test was left out because the score was known before it.</summary>
    public bool NotRun { get; init; }

    /// <summary>Whether it was the compiler that ran, and failed.</summary>
    public bool InCompiler { get; init; }

    /// <summary>The limit that was hit.</summary>
    public LimitHit Limit { get; init; }

    /// <summary>The exit code; null when a signal or the sandbox ended the program.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended the program, 0 for none.</summary>
    public int Signal { get; init; }

    /// <summary>Seconds from start to end.</summary>
    public double Seconds { get; init; }

    /// <summary>The most memory that the program held, in bytes.</summary>
    public long PeakMemory { get; init; }

    /// <summary>Standard output as text; bytes that are no UTF-8 become U+FFFD.</summary>
    public string Stdout { get; init; } = "";

    /// <summary>Standard error likewise.</summary>
    public string Stderr { get; init; } = "";

    /// <summary>What a called function returned, in JSON; null when it did not return.</summary>
    public string? Result { get; init; }

    /// <summary>What the tester said.</summary>
    public TesterVerdict Tester { get; init; }

    /// <summary>Why the tester said so: <c>assertion</c>, <c>error</c>, <c>load</c>, <c>missing</c>, <c>gone</c>; empty otherwise.</summary>
    public string Cause { get; init; } = "";

    /// <summary>The tester's words.</summary>
    public string Message { get; init; } = "";

    /// <summary>The slot that ran it.</summary>
    public string Slot { get; init; } = "";
}
