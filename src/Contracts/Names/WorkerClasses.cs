namespace Fleet.Contracts.Names;

/// <summary>The built-in worker classes by the reference's class names, and the domain that each serves.</summary>
public static class WorkerClasses
{
    private static readonly Dictionary<string, string> DomainOfClass = new(StringComparer.Ordinal)
    {
        ["MathRuleRewardWorker"] = Domains.MathRule,
        ["CodeSandboxRewardWorker"] = Domains.CodeSandbox,
        ["LLMJudgeRewardWorker"] = Domains.LlmJudge,
        ["GeneralValRuleRewardWorker"] = Domains.GeneralValRule,
        ["CrossThinkQARuleRewardWorker"] = Domains.CrossThinkQa,
        ["MultipleChoiceBoxedRuleRewardWorker"] = Domains.MultipleChoiceBoxed,
        ["GeneralRuleRewardWorker"] = Domains.IfEval,
        ["DetectionRewardWorker"] = Domains.CvDetection,
        ["VideoR1RewardWorker"] = Domains.VideoR1,
        ["RemoteRewardSystemWorker"] = Domains.RemoteReward,
        ["RewardWorker"] = Domains.RewardModel,
    };

    /// <summary>All built-in classes.</summary>
    public static IReadOnlyCollection<string> All => DomainOfClass.Keys;

    /// <summary>The name of a class without the module path that a configuration may give: <c>roll.x.y.MathRuleRewardWorker</c>.</summary>
    public static string ShortName(string workerClass) => workerClass.Split('.', ':')[^1];

    /// <summary>The domain whose workers are of this class; null for a custom class.</summary>
    public static string? DomainOf(string workerClass) => DomainOfClass.GetValueOrDefault(ShortName(workerClass));

    /// <summary>The class that serves a built-in domain; null for another domain.</summary>
    public static string? ClassOf(string domain) => DomainOfClass.FirstOrDefault(entry => entry.Value == domain).Key;
}
