using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.RateLimiting;
using Fleet.Messaging.Budgets;
using Fleet.Rewards;
using Fleet.Rewards.Judge;
using Fleet.Rewards.Judge.Verdicts;

namespace Fleet.Worker.Judging;

/// <summary>How a domain's rows are judged, beside how each judge is reached.</summary>
public sealed record LlmJudgeOptions
{
    /// <summary>How long a row may take, all attempts and repetitions together, from when its first request may be sent.</summary>
    /// <value>Above 0; default 120 seconds (<c>judge_timeout_s</c>).</value>
    public TimeSpan RowTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How often a judge is asked until its answer can be read.</summary>
    /// <value>1 or more; default 3 (<c>judge_asks</c>).</value>
    public int Asks { get; init; } = 3;

    /// <summary>How many requests are under way at once, over all rows.</summary>
    /// <value>1 or more; default 64 (<c>judge_concurrency</c>).</value>
    public int Concurrency { get; init; } = 64;

    /// <summary>How many answers are remembered.</summary>
    /// <value>0 or more; default 10,000 (<c>judge_cache</c>).</value>
    public int CachedAnswers { get; init; } = 10_000;
}

/// <summary>Scores rows by asking a judge: plan, ask, read, ask again, decide.</summary>
/// <remarks>
/// Safe for any number of rows at once; rows beyond <see cref="LlmJudgeOptions.Concurrency"/> wait their turn, and a row's
/// clock starts when its turn has come and the judge's budget lets its requests go.
/// </remarks>
public sealed class LlmJudge : IAsyncDisposable
{
    private readonly JudgePlanner _planner;
    private readonly Dictionary<string, IJudgeModel> _judges;
    private readonly LlmJudgeOptions _options;
    private readonly IRateBudget _budget;
    private readonly TimeProvider _time;
    private readonly AnswerCache _cache;
    private readonly ConcurrencyLimiter _turns;
    private readonly Lock _totalLock = new();
    private JudgeUsage _total;

    /// <summary>Creates a judge.</summary>
    /// <param name="planner">What is asked.</param>
    /// <param name="judges">Who is asked; by the names that the planner uses. Disposed with this object.</param>
    /// <param name="options">How.</param>
    /// <param name="budget">What the judges' accounts allow. Disposed with this object.</param>
    /// <param name="time">The clock.</param>
    public LlmJudge(JudgePlanner planner, IEnumerable<IJudgeModel> judges, LlmJudgeOptions options, IRateBudget budget, TimeProvider time)
    {
        _planner = planner;
        _judges = judges.ToDictionary(j => j.Name, StringComparer.Ordinal);
        _options = options;
        _budget = budget;
        _time = time;
        _cache = new AnswerCache(options.CachedAnswers);
        _turns = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = options.Concurrency, QueueLimit = int.MaxValue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
    }

    /// <summary>What all rows so far took.</summary>
    public JudgeUsage Total
    {
        get
        {
            lock (_totalLock) return _total;
        }
    }

    /// <summary>Judges one row.</summary>
    /// <param name="rollout">The row.</param>
    /// <param name="cancellationToken">The caller's cancellation; reported as such and never as a timeout.</param>
    public async Task<JudgeOutcome> ScoreAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        var plan = _planner.Plan(rollout);
        if (plan.Settled is { } settled) return JudgeOutcome.Settled(settled, default);

        using var turn = await _turns.AcquireAsync(Math.Min(plan.Asks.Count, _options.Concurrency), cancellationToken);
        var row = rollout.Text("id") ?? "";
        var known = plan.Asks.Select(ask => _cache.Find(AnswerCache.Key(_judges[ask.Judge].Identity, row, ask))).ToList();
        try
        {
            foreach (var (ask, answer) in plan.Asks.Zip(known))
                if (answer is null) await _budget.AcquireAsync(ask.Judge, _judges[ask.Judge].ExpectedTokens(ask.Messages), cancellationToken);
        }
        catch (BudgetAwayException away)
        {
            return JudgeOutcome.Failed(new Reason(JudgeFaults.RateLimited, away.Message), [], default);
        }

        using var clock = new RowClock(_options.RowTimeout, _time, cancellationToken);
        var asking = plan.Asks.Zip(known, (ask, answer) => answer is null
            ? AskUntilReadAsync(ask, _judges[ask.Judge], row, clock)
            : Task.FromResult(new Asked(new JudgeObservation(ask, VerdictReader.Read(answer, ask.Parser), answer.Text), default))).ToList();
        var asked = await Task.WhenAll(asking);
        var usage = asked.Aggregate(default(JudgeUsage), (sum, one) => sum + one.Usage);
        lock (_totalLock) _total += usage;

        var decision = JudgeDecision.Of([.. asked.Select(a => a.Observation)], _planner.Aggregate);
        decision.Detail["usage"] = new JsonObject
        {
            ["requests"] = usage.Requests,
            ["prompt_tokens"] = usage.PromptTokens,
            ["completion_tokens"] = usage.CompletionTokens,
            ["cost"] = usage.Cost,
        };
        return decision.Score is { } score ? JudgeOutcome.Settled(score, usage) : JudgeOutcome.Failed(decision.Failure, decision.Detail, usage);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var judge in _judges.Values) judge.Dispose();
        await _budget.DisposeAsync();
        await _turns.DisposeAsync();
    }

    private async Task<Asked> AskUntilReadAsync(JudgeAsk ask, IJudgeModel judge, string row, RowClock clock)
    {
        JudgeUsage usage = default;
        var said = "";
        VerdictReading reading = default;
        try
        {
            for (var repetition = 0; repetition < _options.Asks; repetition++)
            {
                var messages = repetition == 0 ? ask.Messages : JudgePrompt.AskedAgain(ask.Messages, ask.Parser.Form);
                var expected = judge.ExpectedTokens(messages);
                if (repetition > 0) await _budget.AcquireAsync(judge.Name, expected, clock.Token);

                var reply = await judge.AskAsync(new JudgeQuestion(messages, Seed(row, ask, repetition), ask.Parser.ReadsFirstToken, clock.Deadline), clock.Token);
                usage += reply.Usage;
                _budget.Settle(judge.Name, expected, reply.Usage.PromptTokens + reply.Usage.CompletionTokens);
                if (reply.Answer is not { } answer) return new Asked(new JudgeObservation(ask, VerdictReading.None(reply.Fault.Code, reply.Fault.Sentence), said), usage);

                said = answer.Refusal ?? answer.Text;
                reading = VerdictReader.Read(answer, ask.Parser);
                if (reading.Verdict is null) continue;
                _cache.Keep(AnswerCache.Key(judge.Identity, row, ask), answer);
                break;
            }
        }
        catch (BudgetAwayException away)
        {
            reading = VerdictReading.None(JudgeFaults.RateLimited, away.Message);
        }
        catch (OperationCanceledException) when (clock.IsOver)
        {
            var last = reading.Fault.Code is { } fault ? $" The last answer: {fault}." : "";
            reading = VerdictReading.None(JudgeFaults.Timeout, FormattableString.Invariant($"Judge {judge.Name} gave no verdict in {_options.RowTimeout.TotalSeconds:0.###} s.{last}"));
        }

        return new Asked(new JudgeObservation(ask, reading, said), usage);
    }

    // The same row, sample and repetition draw the same, on every worker.
    private static long Seed(string row, JudgeAsk ask, int repetition) =>
        BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{row}\n{ask.Name}\n{repetition}\n{ask.Messages[^1].Content}"))) & int.MaxValue;

    private readonly record struct Asked(JudgeObservation Observation, JudgeUsage Usage);
}
