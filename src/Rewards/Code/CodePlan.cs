namespace Fleet.Rewards.Code;

/// <summary>What is to run for one row. Pure data; the sandbox turns it into observations, and <see cref="CodeVerdict"/> those into a score.</summary>
public sealed record CodePlan
{
    /// <summary>How the tests are run.</summary>
    public required CodeKind Kind { get; init; }

    /// <summary>The language of the program.</summary>
    public required CodeLanguage Language { get; init; }

    /// <summary>The program, or the response itself when the tests are about a text.</summary>
    public required string Program { get; init; }

    /// <summary>The tests, at least one.</summary>
    public required IReadOnlyList<CodeTest> Tests { get; init; }

    /// <summary>What each test may use.</summary>
    public required CodeLimits Limits { get; init; }

    /// <summary>The function to call; empty unless the kind is <see cref="CodeKind.Call"/>.</summary>
    public string Function { get; init; } = "";

    /// <summary>Whether the score is known after the first test that runs out of time, so that the rest need not run.</summary>
    public bool StopsAtTimeLimit { get; init; } = true;

    /// <summary>Whether the program may do different things at different times, so that its runs are not shared.</summary>
    public bool Flaky { get; init; }

    /// <summary>Rows of the same group run on one slot in the order given; empty for none.</summary>
    public string Group { get; init; } = "";

    /// <summary>The plan for a row, or the score of a row that needs no run.</summary>
    /// <remarks>Fails: no tests or unreadable ones are <c>invalid</c>; a response without a program is scored 0.</remarks>
    public static CodePlanning For(Rollout rollout, RewardSettings settings)
    {
        var function = FunctionOf(rollout);
        var kind = KindOf(rollout, function);
        if (TestCases.Read(rollout, kind, out var missing) is not { } tests) return new(RewardScore.Invalid(missing));

        var asked = CodeLanguages.Find(rollout.Text("language"));
        var callsNames = kind is CodeKind.Assert or CodeKind.Pytest or CodeKind.CheckBased or CodeKind.Call;
        if (callsNames && asked is { } other && other != CodeLanguage.Python)
            return new(RewardScore.Invalid(new Reason("unsupported_tests", $"Tests of this case type are Python's; the row asks for {other.Name()}.")));
        if (asked is null && rollout.Text("language") is { } name && CodeLanguages.IsForeign(name))
            return new(RewardScore.Invalid(new Reason("unsupported_language", $"The sandbox does not run {name}.")));

        var wanted = CodeSettings.For(rollout, settings);
        var plan = new CodePlan
        {
            Kind = kind,
            Language = CodeLanguage.Python,
            Program = "",
            Tests = tests,
            Limits = wanted.Limits,
            Function = function,
            StopsAtTimeLimit = wanted.Scoring == CodeScoring.All,
            Flaky = wanted.Flaky,
            Group = rollout.Text("sandbox_group") ?? "",
        };
        if (kind == CodeKind.Text) return new(plan with { Program = CodeBlocks.AnswerOf(rollout.Response).Trim() });

        var underTest = function.Length > 0 ? function : NameOf(tests[0].EntryPoint);
        var answer = CodeBlocks.Find(rollout.Response, asked, underTest, callsNames);
        if (string.IsNullOrWhiteSpace(answer.Text))
            return new(RewardScore.Scored(0, new Reason("no_answer", "The response holds no program.")));
        if (answer.Language is not { } language)
            return new(RewardScore.Scored(0, new Reason("unsupported_language", $"The program is marked as {Clip(answer.Tag)}, which the sandbox does not run.")));
        if (callsNames && language != CodeLanguage.Python)
            return new(RewardScore.Scored(0, new Reason("wrong_language", $"The tests call Python names; the program is marked as {Clip(answer.Tag)}.")));
        return new(plan with { Language = language, Program = answer.Text });
    }

    private static CodeKind KindOf(Rollout rollout, string function) => (rollout.Text("case_type") ?? "") switch
    {
        "assert" => CodeKind.Assert,
        "pytest" => CodeKind.Pytest,
        "check_based" => CodeKind.CheckBased,
        "text" => CodeKind.Text,
        _ => function.Length > 0 ? CodeKind.Call : CodeKind.Script,
    };

    private static string FunctionOf(Rollout rollout)
    {
        var name = (rollout.Text("test_case_function") ?? "").Trim();
        return name is "None" or "null" ? "" : name;
    }

    // Of `Solution().name` it is the class that a block must define.
    private static string NameOf(string entryPoint)
    {
        var end = entryPoint.AsSpan().IndexOfAny('(', '.');
        return end < 0 ? entryPoint : entryPoint[..end];
    }

    private static string Clip(string text) => text.Length <= 40 ? text : text[..40];
}

/// <summary>Either a plan to run, or the score of a row that needs no run.</summary>
public readonly record struct CodePlanning(CodePlan? Plan, RewardScore? Score)
{
    internal CodePlanning(CodePlan plan) : this(plan, null) { }

    internal CodePlanning(RewardScore score) : this(null, score) { }
}
