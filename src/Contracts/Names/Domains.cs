namespace Fleet.Contracts.Names;

/// <summary>The built-in domains.</summary>
public static class Domains
{
    /// <summary>Math answers, compared exactly.</summary>
    public const string MathRule = "math_rule";

    /// <summary>Programs, run against tests in a sandbox.</summary>
    public const string CodeSandbox = "code_sandbox";

    /// <summary>Answers judged by a language model.</summary>
    public const string LlmJudge = "llm_judge";

    /// <summary>Multiple choice, boxed or not, for validation.</summary>
    public const string GeneralValRule = "general_val_rule";

    /// <summary>Multiple choice with format, length and repetition terms.</summary>
    public const string CrossThinkQa = "crossthinkqa";

    /// <summary>Multiple choice, boxed.</summary>
    public const string MultipleChoiceBoxed = "multiple_choice_boxed";

    /// <summary>Verifiable instructions.</summary>
    public const string IfEval = "ifeval";

    /// <summary>Object detection.</summary>
    public const string CvDetection = "cv_detection";

    /// <summary>Questions about videos.</summary>
    public const string VideoR1 = "video_r1";

    /// <summary>Rewards computed by a remote service.</summary>
    public const string RemoteReward = "remote_reward";

    /// <summary>A sequence-classification model.</summary>
    public const string RewardModel = "reward_model";
}
