using Fleet.Contracts.Names;
using Fleet.Messaging.Budgets;
using Fleet.Rewards;
using Fleet.Rewards.Judge;

namespace Fleet.Worker.Judging;

/// <summary>Makes a judge out of a domain's settings.</summary>
public static class JudgeSetup
{
    private const string FilePrefix = "file:";

    /// <summary>The judge of a domain whose model answers behind an API.</summary>
    /// <param name="settings">The domain's <c>judge_*</c> keys.</param>
    /// <param name="time">The clock.</param>
    /// <param name="jitter">Spreads repeated requests.</param>
    /// <param name="shared">Where budgets are shared with other workers; null for budgets of this process.</param>
    /// <param name="local">The budgets of this process; null for some of this judge alone.</param>
    /// <exception cref="JudgeSetupException">A setting is missing or cannot work.</exception>
    public static LlmJudge FromApi(RewardSettings settings, TimeProvider time, Random jitter, FleetBudgets? shared = null, LocalRateBudgets? local = null)
    {
        var patience = RowTimeout(settings);
        local ??= new LocalRateBudgets(time);
        return Create(settings, JudgeOptions.From(settings).Select(judge => (IJudgeModel)new ApiJudgeModel(judge, Budget(judge), time, jitter)), time);

        IRateBudget? Budget(JudgeOptions judge) => judge.Limits == default
            ? null
            : shared is null ? local.Of(judge.Account, judge.Limits) : shared.Open(Domains.LlmJudge, judge.Account, judge.Limits, patience);
    }

    /// <summary>The judge of a domain with these models.</summary>
    /// <param name="settings">The domain's <c>judge_*</c> keys.</param>
    /// <param name="models">Who is asked. Disposed with the judge.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="JudgeSetupException">A setting is missing or cannot work.</exception>
    public static LlmJudge Create(RewardSettings settings, IEnumerable<IJudgeModel> models, TimeProvider time)
    {
        List<IJudgeModel> judges = [.. models];
        var planner = new JudgePlanner(Template(settings), new JudgePlanOptions
        {
            Judges = [.. judges.Select(j => j.Name)],
            Samples = Whole(settings, "judge_samples", 1, least: 1),
            Swap = settings.Flag("judge_swap") ?? true,
            WholeResponse = settings.Text("judge_response") switch { null or "answer" => false, "whole" => true, var other => throw new JudgeSetupException($"judge_response is '{other}'; known are answer and whole.") },
            MaxChars = Whole(settings, "judge_max_chars", 200_000, least: 1),
            Aggregate = settings.Text("judge_aggregate") switch { null => null, "majority" => JudgeAggregate.Majority, "mean" => JudgeAggregate.Mean, var other => throw new JudgeSetupException($"judge_aggregate is '{other}'; known are majority and mean.") },
            Parity = settings.Parity,
        });
        return new LlmJudge(planner, judges, new LlmJudgeOptions
        {
            RowTimeout = RowTimeout(settings),
            Asks = Whole(settings, "judge_asks", 3, least: 1),
            Concurrency = Whole(settings, "judge_concurrency", LlmJudgeOptions.DefaultConcurrency, least: 1),
            CachedAnswers = Whole(settings, "judge_cache", 10_000, least: 0),
        }, time);
    }

    /// <summary>The template that <c>judge_prompt</c> names: built in, or <c>file:PATH</c>; with the parser settings of the domain.</summary>
    /// <exception cref="JudgeSetupException">There is no such template, or it and the settings cannot work together.</exception>
    public static JudgeTemplate Template(RewardSettings settings)
    {
        try
        {
            var template = settings.Text("judge_prompt") switch
            {
                null => JudgeTemplates.Default,
                var name when name.StartsWith(FilePrefix, StringComparison.Ordinal) => JudgeTemplate.Parse(Path.GetFileNameWithoutExtension(name), Read(name[FilePrefix.Length..])),
                var name => JudgeTemplates.Named(name) ?? throw new JudgeSetupException($"judge_prompt is '{name}'; known are {string.Join(", ", JudgeTemplates.Names)} and file:PATH."),
            };
            template = template with { Parser = template.Parser.With(settings) };
            template.Parser.Create();
            return template;
        }
        catch (FormatException fault)
        {
            throw new JudgeSetupException(fault.Message, fault);
        }
    }

    private static TimeSpan RowTimeout(RewardSettings settings)
    {
        var seconds = settings.Number("judge_timeout_s") ?? 120;
        return seconds is > 0 and <= 86_400 ? TimeSpan.FromSeconds(seconds) : throw new JudgeSetupException(FormattableString.Invariant($"judge_timeout_s is {seconds}; expected is above 0 and at most a day."));
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new JudgeSetupException($"The judge's template {path} cannot be read: {fault.Message}");
        }
    }

    private static int Whole(RewardSettings settings, string name, int otherwise, int least)
    {
        var value = settings.Number(name) ?? otherwise;
        return value >= least && value <= int.MaxValue && value == Math.Floor(value) ? (int)value : throw new JudgeSetupException(FormattableString.Invariant($"{name} is {value}; expected is a whole number of {least} or more."));
    }
}
