using Fleet.Rewards;
using Fleet.Rewards.Judge;

namespace Fleet.Worker.Judging;

/// <summary>Somebody who answers a judge's requests: an API, or a model on this machine.</summary>
public interface IJudgeModel : IAsyncDisposable
{
    /// <summary>The judge's name.</summary>
    string Name { get; }

    /// <summary>What tells this judge's answers from another's in a cache: model and sampling settings.</summary>
    string Identity { get; }

    /// <summary>Whether a request is short enough for the judge; true where only the judge itself knows.</summary>
    bool Fits(JudgeQuestion question) => true;

    /// <summary>Asks.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="cancellationToken">Ends the request; the caller tells a deadline from a cancellation.</param>
    /// <returns>The answer, or why none came after all attempts. Throws only when cancelled.</returns>
    Task<JudgeReply> AskAsync(JudgeQuestion question, CancellationToken cancellationToken);
}

/// <summary>One request to a judge.</summary>
/// <param name="Messages">The messages.</param>
/// <param name="Seed">The seed of this sample.</param>
/// <param name="WantsFirstToken">Whether the probabilities of the answer's first token are needed.</param>
/// <param name="Clock">The row's time; null for no end.</param>
public sealed record JudgeQuestion(IReadOnlyList<JudgeMessage> Messages, long Seed, bool WantsFirstToken, RowClock? Clock);

/// <summary>What came of a request.</summary>
/// <param name="Answer">The answer; null when none came.</param>
/// <param name="Fault">Why none came; the default value when there is one.</param>
/// <param name="Usage">What it took.</param>
public sealed record JudgeReply(JudgeAnswer? Answer, Reason Fault, JudgeUsage Usage);

/// <summary>What asking took.</summary>
/// <param name="Requests">Requests sent, repetitions included.</param>
/// <param name="PromptTokens">Tokens of the prompts, as the judge counted them.</param>
/// <param name="CompletionTokens">Tokens of the answers, as the judge counted them.</param>
/// <param name="Cost">In the currency of the configured prices.</param>
public readonly record struct JudgeUsage(long Requests, long PromptTokens, long CompletionTokens, double Cost)
{
    /// <summary>Both together.</summary>
    public static JudgeUsage operator +(JudgeUsage left, JudgeUsage right) =>
        new(left.Requests + right.Requests, left.PromptTokens + right.PromptTokens, left.CompletionTokens + right.CompletionTokens, left.Cost + right.Cost);
}
