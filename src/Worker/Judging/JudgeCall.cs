namespace Fleet.Worker.Judging;

/// <summary>One request on its way to a judge: how long it may still take, and what its attempts came to.</summary>
/// <remarks>It accompanies the request through the layers of the HTTP client, which know nothing of rows.</remarks>
internal sealed class JudgeCall
{
    private static readonly AsyncLocal<JudgeCall?> Ambient = new();

    private readonly List<(int Endpoint, string What)> _failures = [];
    private readonly Lock _lock = new();

    /// <summary>The call that the current flow of control belongs to.</summary>
    public static JudgeCall? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>The row's time; null when it has no end.</summary>
    public RowClock? Clock { get; init; }

    /// <summary>The tokens that each attempt is expected to use, prompt and answer together.</summary>
    public long ExpectedTokens { get; init; }

    /// <summary>How many attempts were sent.</summary>
    public int Attempts { get; private set; }

    /// <summary>The attempts that failed, in order: <c>http 429 from judge:8000</c>.</summary>
    public string Failures
    {
        get
        {
            lock (_lock) return string.Join("; ", _failures.TakeLast(4).Select(f => f.What));
        }
    }

    /// <summary>Counts an attempt.</summary>
    public void Begin()
    {
        lock (_lock) Attempts++;
    }

    /// <summary>Notes how an attempt failed.</summary>
    public void Failed(int endpoint, string what)
    {
        lock (_lock) _failures.Add((endpoint, what));
    }

    /// <summary>How often this endpoint failed in this call.</summary>
    public int FailuresOf(int endpoint)
    {
        lock (_lock) return _failures.Count(f => f.Endpoint == endpoint);
    }
}
