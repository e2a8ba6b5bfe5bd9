namespace Fleet.Worker.Judging;

/// <summary>The reason codes of rows that no judge answered: failures of the surroundings, never a score.</summary>
public static class JudgeFaults
{
    /// <summary>No endpoint answered after all attempts.</summary>
    public const string Unavailable = "judge_unavailable";

    /// <summary>The judge's account allows no more for now, and the row cannot wait so long.</summary>
    public const string RateLimited = "judge_rate_limited";

    /// <summary>The endpoint turned the request down: unknown model, wrong key, prompt too long.</summary>
    public const string Rejected = "judge_rejected";

    /// <summary>The row's time was up.</summary>
    public const string Timeout = "judge_timeout";
}
