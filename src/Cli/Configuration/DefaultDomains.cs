using Fleet.Contracts.Names;

namespace Fleet.Cli.Configuration;

/// <summary>The domains of a run without a configuration: all built-in ones, with the tags that the reference's data sets use.</summary>
internal static class DefaultDomains
{
    /// <summary>Name, the domain that serves it, and its tags.</summary>
    public static readonly (string Domain, string ServedBy, string[] Tags)[] All =
    [
        (Domains.MathRule, Domains.MathRule, ["deepmath_103k", "aime", "aime2024", "aime2025", "MATH-500", "OlympiadBench"]),
        (Domains.CodeSandbox, Domains.CodeSandbox, ["KodCode", "livecodebench"]),
        (Domains.LlmJudge, Domains.LlmJudge, ["RLVR"]),
        (Domains.GeneralValRule, Domains.GeneralValRule, ["ceval", "race_high", "mmlu_pro", "commonsense_qa"]),
        (Domains.CrossThinkQa, Domains.CrossThinkQa, ["crossthinkqa"]),
        (Domains.MultipleChoiceBoxed, Domains.MultipleChoiceBoxed, ["gpqa_diamond_boxed"]),
        (Domains.IfEval, Domains.IfEval, ["ifeval"]),
        ("ifeval_all", Domains.IfEval, []),
        (Domains.CvDetection, Domains.CvDetection, ["v3det_train", "object365_train", "coco_val_multi_test"]),
        (Domains.VideoR1, Domains.VideoR1, []),
        (Domains.RemoteReward, Domains.RemoteReward, []),
        (Domains.RewardModel, Domains.RewardModel, []),
    ];
}
