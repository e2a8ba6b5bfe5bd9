using Fleet.Rewards;
using Fleet.Rewards.Code;

namespace Fleet.Worker.Sandbox;

/// <summary>What came of scoring a row: its score, or why the sandbox could not find it out.</summary>
public readonly record struct CodeOutcome
{
    /// <summary>The score; null when the sandbox failed.</summary>
    public RewardScore? Score { get; init; }

    /// <summary>Why the sandbox failed, with its remedy; null when there is a score.</summary>
    public SandboxException? Failure { get; init; }
}

/// <summary>Scores rows of the code domain: plan, run, judge. One call a row; calls may overlap as much as they like.</summary>
/// <remarks>Rows of one <c>sandbox_group</c> run in the order in which their calls are made.</remarks>
public sealed class CodeScorer
{
    private const int BatchCapacity = 4_096;

    private readonly ICodeSandbox _sandbox;
    private readonly ObservationCache? _across;
    private readonly ObservationCache _batch = new(BatchCapacity);

    /// <summary>A scorer.</summary>
    /// <param name="sandbox">Where programs run.</param>
    /// <param name="across">Observations kept from batch to batch; null, the default, to keep none.</param>
    public CodeScorer(ICodeSandbox sandbox, ObservationCache? across = null)
    {
        _sandbox = sandbox;
        _across = across;
    }

    /// <summary>A scorer for one batch, in which identical programs with identical tests run once.</summary>
    public CodeScorer ForBatch() => new(_sandbox, _across);

    /// <summary>Scores a row.</summary>
    /// <remarks>Fails: never because of the row; a sandbox that cannot run it is an outcome.</remarks>
    public async Task<CodeOutcome> ScoreAsync(Rollout rollout, RewardSettings settings, CancellationToken cancel)
    {
        var (plan, known) = CodePlan.For(rollout, settings);
        if (plan is null) return new CodeOutcome { Score = known };
        try
        {
            var observations = await ObserveAsync(plan, cancel);
            return new CodeOutcome { Score = CodeVerdict.Judge(plan, observations, CodeSettings.For(rollout, settings)) };
        }
        catch (SandboxException error)
        {
            return new CodeOutcome { Failure = error };
        }
    }

    private Task<IReadOnlyList<Observation>> ObserveAsync(CodePlan plan, CancellationToken cancel)
    {
        // Rows of a group are run for what they do to each other, and flaky programs for what they do this time.
        if (plan.Flaky || plan.Group.Length > 0) return _sandbox.RunAsync(plan, cancel);
        var key = ObservationCache.KeyOf(plan, _sandbox.Identity);
        return (_across ?? _batch).GetAsync(key, () => _sandbox.RunAsync(plan, cancel), cancel);
    }
}
