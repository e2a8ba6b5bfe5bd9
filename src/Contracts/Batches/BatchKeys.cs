namespace Fleet.Contracts.Batches;

/// <summary>The keys of a batch that scorers and trainers agree about. Every axis is named here.</summary>
/// <remarks>Shape: B rows, P tokens of a padded prompt, R tokens of a padded response, S = P + R tokens of both.</remarks>
public static class BatchKeys
{
    // What a trainer has: ids.

    /// <summary>Prompt ids, padded on the left. Shape: tokens [B, P].</summary>
    public const string Prompts = "prompts";

    /// <summary>Response ids, padded on the right. Shape: tokens [B, R].</summary>
    public const string Responses = "responses";

    /// <summary>Prompt and response together, padded on the right. Shape: tokens [B, S].</summary>
    public const string InputIds = "input_ids";

    /// <summary>Which positions of <see cref="InputIds"/> are tokens. Shape: integers [B, S].</summary>
    public const string AttentionMask = "attention_mask";

    /// <summary>The position of each token of <see cref="InputIds"/>. Shape: integers [B, S].</summary>
    public const string PositionIds = "position_ids";

    /// <summary>Which positions of <see cref="InputIds"/> are the prompt's. Shape: bool [B, S].</summary>
    public const string PromptMask = "prompt_mask";

    /// <summary>Which positions of <see cref="InputIds"/> are the response's. Shape: integers [B, S].</summary>
    public const string ResponseMask = "response_mask";

    // What files and HTTP clients have: text.

    /// <summary>The prompt. Shape: text [B].</summary>
    public const string PromptText = "prompt_text";

    /// <summary>The response. Shape: text [B].</summary>
    public const string ResponseText = "response_text";

    /// <summary>The prompt as chat messages. Shape: JSON [B].</summary>
    public const string Messages = "messages";

    // What says who a row is and what it is scored against.

    /// <summary>The caller's name of the row. Shape: text [B].</summary>
    public const string Id = "id";

    /// <summary>Which rewards score the row. Shape: text [B].</summary>
    public const string Domain = "domain";

    /// <summary>A finer kind that stands for its domain. Shape: text [B].</summary>
    public const string Tag = "tag";

    /// <summary>The expected answer; its form is the domain's. Shape: text or JSON [B].</summary>
    public const string GroundTruth = "ground_truth";

    /// <summary>Rows of one prompt share it. Shape: text [B].</summary>
    public const string GroupId = "group_id";

    /// <summary>The rows that a complete group has. Shape: numbers [B].</summary>
    public const string GroupSize = "group_size";

    /// <summary>Valid tokens of the response, where there are no ids. Units: tokens. Shape: numbers [B].</summary>
    public const string ResponseTokens = "response_tokens";

    /// <summary>Why generation ended: <c>stop</c>, <c>length</c>. Shape: text [B].</summary>
    public const string FinishReason = "finish_reason";

    /// <summary>How test cases are run: <c>assert</c>, <c>input</c>, ... Shape: text [B].</summary>
    public const string CaseType = "case_type";

    /// <summary>The test cases of a code row. Shape: JSON or text [B].</summary>
    public const string TestCases = "test_cases";

    /// <summary>The code that checks a code row. Shape: text [B].</summary>
    public const string TestCaseFunction = "test_case_function";

    // What a worker answers, row by row.

    /// <summary>Correctness of a row in a worker's reply: float64, null unless scored. Shape: [B].</summary>
    public const string Score = "score";

    /// <summary>Training reward of a row in a worker's reply: float64, null unless scored. Shape: [B].</summary>
    public const string Reward = "reward";

    /// <summary>What further rules gave a row, by name; null, or absent, where such a rule has no verdict. Shape: JSON [B].</summary>
    public const string Components = "components";

    // What comes back, row by row.

    /// <summary>Correctness in the range that the domain declares. Shape: float64 [B]; float16 at the edge.</summary>
    public const string Scores = "scores";

    /// <summary>The training reward, never normalised. Shape: float64 [B]; float16 at the edge.</summary>
    public const string ResponseLevelRewards = "response_level_rewards";

    /// <summary>The reward of each token of <see cref="Responses"/>. Shape: float16 [B, R].</summary>
    public const string TokenLevelRewards = "token_level_rewards";

    /// <summary>True exactly where <see cref="Status"/> is <c>scored</c>. Shape: bool [B].</summary>
    public const string RewardMask = "reward_mask";

    /// <summary><c>scored</c>, <c>invalid</c>, <c>failed</c>, <c>timed_out</c> or <c>cancelled</c>. Shape: text [B].</summary>
    public const string Status = "status";

    /// <summary>Where the status comes from: <c>response</c>, <c>data</c> or <c>infrastructure</c>. Shape: text [B].</summary>
    public const string Cause = "cause";

    /// <summary>One short code with a sentence. Shape: text [B].</summary>
    public const string Reason = "reason";

    /// <summary>Extracted answer, components, test results, timings. Shape: JSON [B].</summary>
    public const string Detail = "detail";

    /// <summary>The weighted sum of the components; NaN where it has none. Shape: float16 [B].</summary>
    public const string Composite = "composite";

    /// <summary>The normalised, clipped reward; NaN where it has none. Shape: float16 [B].</summary>
    public const string AdvantageInput = "advantage_input";

    /// <summary>Whether the filters let the row be trained on. Shape: bool [B].</summary>
    public const string Keep = "keep";

    /// <summary>The filter that dropped the row. Shape: text [B].</summary>
    public const string DroppedBy = "dropped_by";

    /// <summary>The rank that scored the row. Shape: numbers [B].</summary>
    public const string Rank = "rank";

    /// <summary>What scoring the row took. Units: milliseconds. Shape: numbers [B].</summary>
    public const string Milliseconds = "ms";

    // What is said of the whole batch: meta entries.

    /// <summary>Meta entry: the trainer's step, echoed.</summary>
    public const string GlobalStep = "global_step";

    /// <summary>Meta entry: the call that a batch belongs to, as the worker gets it.</summary>
    public const string CallId = "call_id";

    /// <summary>Meta entry: named numbers, or lists of them, which joining batches collects.</summary>
    public const string Metrics = "metrics";
}
