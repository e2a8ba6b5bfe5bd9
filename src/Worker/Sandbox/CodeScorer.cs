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
    /// <summary>Samples of one prompt come one after another, and one call has several prompts under way.</summary>
    private const int KeptInACall = 256;

    private readonly ICodeSandbox _sandbox;
    private readonly ObservationCache _cache;
    private readonly bool _acrossCalls;
    private readonly string _call = "";

    /// <summary>A scorer. Identical programs of a call with identical tests run once.</summary>
    /// <param name="sandbox">Where programs run.</param>
    /// <param name="kept">How many programs with their tests are kept from call to call; 0 for none, and for some hundreds within a call.</param>
    public CodeScorer(ICodeSandbox sandbox, int kept = 0)
    {
        _sandbox = sandbox;
        _acrossCalls = kept > 0;
        _cache = new ObservationCache(_acrossCalls ? kept : KeptInACall);
    }

    private CodeScorer(CodeScorer all, string call) => (_sandbox, _cache, _acrossCalls, _call) = (all._sandbox, all._cache, all._acrossCalls, call);

    /// <summary>The scorer of one call's rows.</summary>
    public CodeScorer ForCall(string call) => _acrossCalls ? this : new(this, call);

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
        return _cache.GetAsync(_call + ObservationCache.KeyOf(plan, _sandbox.Identity), () => _sandbox.RunAsync(plan, cancel), cancel);
    }
}
