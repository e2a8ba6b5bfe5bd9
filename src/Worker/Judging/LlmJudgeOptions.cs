namespace Fleet.Worker.Judging;

/// <summary>How a domain's rows are judged, beside how each judge is reached.</summary>
public sealed record LlmJudgeOptions
{
    /// <summary>What <see cref="Concurrency"/> is where nothing says otherwise.</summary>
    public const int DefaultConcurrency = 64;

    /// <summary>How long a request may take, all its attempts and repetitions together, without its waits for the account's budget. A row's requests run side by side.</summary>
    /// <value>Above 0; default 120 seconds (<c>judge_timeout_s</c>).</value>
    public TimeSpan RowTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How often a judge is asked until its answer can be read.</summary>
    /// <value>1 or more; default 3 (<c>judge_asks</c>).</value>
    public int Asks { get; init; } = 3;

    /// <summary>How many requests are under way at once, over all rows.</summary>
    /// <value>1 or more; default 64 (<c>judge_concurrency</c>).</value>
    public int Concurrency { get; init; } = DefaultConcurrency;

    /// <summary>How many answers are remembered.</summary>
    /// <value>0 or more; default 10,000 (<c>judge_cache</c>).</value>
    public int CachedAnswers { get; init; } = 10_000;
}
