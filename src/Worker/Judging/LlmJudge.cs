using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.RateLimiting;
using Fleet.Rewards;
using Fleet.Rewards.Judge;
using Fleet.Rewards.Judge.Verdicts;

namespace Fleet.Worker.Judging;

/// <summary>Scores rows by asking a judge: plan, ask, read, ask again, decide.</summary>
/// <remarks>
/// Safe for any number of rows at once; requests beyond <see cref="LlmJudgeOptions.Concurrency"/> wait their turn. The clock
/// of a request starts when its turn has come, and stands still while it waits for the account of its judge.
/// </remarks>
public sealed class LlmJudge : IAsyncDisposable
{
    private readonly JudgePlanner _planner;
    private readonly Dictionary<string, IJudgeModel> _judges;
    private readonly LlmJudgeOptions _options;
    private readonly TimeProvider _time;
    private readonly AnswerCache _cache;
    private readonly ConcurrencyLimiter _turns;
    private readonly Lock _totalLock = new();
    private JudgeUsage _total;

    /// <summary>Creates a judge.</summary>
    /// <param name="planner">What is asked.</param>
    /// <param name="judges">Who is asked; by the names that the planner uses. Disposed with this object.</param>
    /// <param name="options">How.</param>
    /// <param name="time">The clock.</param>
    public LlmJudge(JudgePlanner planner, IEnumerable<IJudgeModel> judges, LlmJudgeOptions options, TimeProvider time)
    {
        _planner = planner;
        _judges = judges.ToDictionary(j => j.Name, StringComparer.Ordinal);
        _options = options;
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

        var row = JudgedRow.Of(rollout);
        var asked = await Task.WhenAll(plan.Asks.Select(ask => AskAsync(ask, row, cancellationToken)));
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
        if (decision.Score is { } score) return JudgeOutcome.Settled(score, usage);
        return IsTooLong(rollout, asked)
            ? JudgeOutcome.Settled(RewardScore.Scored(0, new Reason(JudgeReasons.ResponseTooLong, decision.Failure.Sentence), decision.Detail), usage)
            : JudgeOutcome.Failed(decision.Failure, decision.Detail, usage);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var judge in _judges.Values) await judge.DisposeAsync();
        await _turns.DisposeAsync();
    }

    private async Task<Asked> AskAsync(JudgeAsk ask, JudgedRow row, CancellationToken cancellationToken)
    {
        var judge = _judges[ask.Judge];
        var key = row.IsKnownById ? AnswerCache.Key(judge.Identity, row.Name, ask) : null;
        if (key is not null && _cache.Find(key) is { } known) return new Asked(new JudgeObservation(ask, VerdictReader.Read(known, ask.Parser), known.Text), default, null);

        using var turn = await _turns.AcquireAsync(1, cancellationToken);
        using var clock = new RowClock(_options.RowTimeout, _time, cancellationToken);
        return await AskUntilReadAsync(ask, judge, row, key, clock);
    }

    private async Task<Asked> AskUntilReadAsync(JudgeAsk ask, IJudgeModel judge, JudgedRow row, string? key, RowClock clock)
    {
        JudgeUsage usage = default;
        var said = "";
        VerdictReading reading = default;
        try
        {
            for (var repetition = 0; repetition < _options.Asks; repetition++)
            {
                var messages = repetition == 0 ? ask.Messages : JudgePrompt.AskedAgain(ask.Messages, ask.Parser.Form);
                var question = new JudgeQuestion(messages, Seed(row, ask, repetition), ask.Parser.ReadsFirstToken, clock);
                var reply = await judge.AskAsync(question, clock.Token);
                usage += reply.Usage;
                if (reply.Answer is not { } answer)
                {
                    var first = question with { Messages = ask.Messages };
                    return new Asked(new JudgeObservation(ask, VerdictReading.None(reply.Fault.Code, reply.Fault.Sentence), said), usage, judge.Fits(first) ? null : first);
                }

                said = answer.Refusal ?? answer.Text;
                reading = VerdictReader.Read(answer, ask.Parser);
                if (reading.Verdict is null) continue;
                if (key is not null) _cache.Keep(key, answer);
                break;
            }
        }
        catch (OperationCanceledException) when (clock.IsOver)
        {
            var last = reading.Fault.Code is { } fault ? $" The last answer: {fault}." : "";
            reading = VerdictReading.None(JudgeFaults.Timeout, FormattableString.Invariant($"Judge {judge.Name} gave no verdict in {_options.RowTimeout.TotalSeconds:0.###} s.{last}"));
        }

        return new Asked(new JudgeObservation(ask, reading, said), usage, null);
    }

    // Whoever gave no verdict could not read so much, and could have read the same with an empty response.
    private bool IsTooLong(Rollout rollout, IEnumerable<Asked> asked) =>
        asked.Where(one => one.Observation.Reading.Verdict is null).All(one =>
            one.TooLong is { } question && _judges[one.Observation.Ask.Judge].Fits(question with { Messages = _planner.WithoutResponse(rollout, one.Observation.Ask.Swapped) }));

    // The same row, sample and repetition draw the same, on every worker.
    private static long Seed(JudgedRow row, JudgeAsk ask, int repetition) =>
        BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{row.Name}\n{ask.Name}\n{repetition}\n{ask.Messages[^1].Content}"))) & int.MaxValue;

    /// <summary>What came of one request and its repetitions.</summary>
    /// <param name="Observation">The verdict, or why there is none.</param>
    /// <param name="Usage">What it took.</param>
    /// <param name="TooLong">The request that the judge cannot read for its length; null when length was not the matter.</param>
    private readonly record struct Asked(JudgeObservation Observation, JudgeUsage Usage, JudgeQuestion? TooLong);
}
