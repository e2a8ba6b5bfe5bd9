namespace Fleet.Rewards.Judge;

/// <summary>The reason codes of judged rows.</summary>
public static class JudgeReasons
{
    /// <summary>The row is scored with what the judge decided.</summary>
    public const string Judged = "judged";

    /// <summary>The response is empty: scored 0, nobody was asked.</summary>
    public const string EmptyResponse = "empty_response";

    /// <summary>The response is longer than <c>judge_max_chars</c>: scored 0, nobody was asked.</summary>
    public const string ResponseTooLong = "response_too_long";

    /// <summary>The template needs a gold answer and the row has none: invalid.</summary>
    public const string NoReference = "no_ground_truth";

    /// <summary>The row has no question: invalid.</summary>
    public const string NoQuestion = "no_question";

    /// <summary>A comparison has nothing to compare with: invalid.</summary>
    public const string NoOpponent = "no_opponent_response";

    /// <summary>The judge sent no text.</summary>
    public const string Empty = "judge_empty";

    /// <summary>The judge refused, or its answer was filtered.</summary>
    public const string Refused = "judge_refused";

    /// <summary>The judge's answer ran into its token limit.</summary>
    public const string CutOff = "judge_cut_off";

    /// <summary>The judge's answer is not in the form asked for.</summary>
    public const string Unreadable = "judge_unreadable";

    /// <summary>The judge's answer holds two verdicts that differ, or one that may be a quotation.</summary>
    public const string Ambiguous = "judge_ambiguous";
}
