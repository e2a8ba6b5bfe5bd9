using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Messaging.Budgets;
using Fleet.Rewards;

namespace Fleet.Worker.Judging;

/// <summary>How one judge is reached and what it may use.</summary>
public sealed record JudgeOptions
{
    private const int AccountHexDigits = 16;

    /// <summary>The judge's name, in details.</summary>
    /// <value>The model's name unless told otherwise.</value>
    public required string Name { get; init; }

    /// <summary>The model's name at its endpoints.</summary>
    public required string Model { get; init; }

    /// <summary>The endpoints, in the order in which they are preferred.</summary>
    public required IReadOnlyList<JudgeEndpoint> Endpoints { get; init; }

    /// <summary>How long one attempt may take.</summary>
    /// <value>Above 0; default 60 seconds (<c>judge_attempt_timeout_s</c>).</value>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a request is sent until it gets an answer, the first time included.</summary>
    /// <value>1 or more; default 6 (<c>judge_attempts</c>).</value>
    public int Attempts { get; init; } = 6;

    /// <summary>What the account allows.</summary>
    /// <value>Default: no limit (<c>judge_requests_per_minute</c>, <c>judge_tokens_per_minute</c>).</value>
    public BudgetRates Limits { get; init; }

    /// <summary>Price of a million prompt tokens and of a million answer tokens, in the account's currency.</summary>
    /// <value>Default 0 (<c>judge_price_prompt</c>, <c>judge_price_completion</c>).</value>
    public (double Prompt, double Completion) Prices { get; init; }

    /// <summary>Sampling temperature.</summary>
    /// <value>Default 0 for one sample, else the endpoint's (<c>generating_args.temperature</c>).</value>
    public float? Temperature { get; init; }

    /// <summary>Nucleus sampling.</summary>
    /// <value>Default the endpoint's (<c>generating_args.top_p</c>).</value>
    public float? TopP { get; init; }

    /// <summary>The longest answer, in tokens.</summary>
    /// <value>Default the endpoint's (<c>generating_args.max_new_tokens</c>).</value>
    public int? MaxTokens { get; init; }

    /// <summary>How many requests are under way at once.</summary>
    /// <value>1 or more; default 64 (<c>judge_concurrency</c>).</value>
    public int Concurrency { get; init; } = LlmJudgeOptions.DefaultConcurrency;

    /// <summary>Whose budget the judge uses, as a name for queues: judges of the same model at the same endpoints have one account, whatever they are called.</summary>
    public string Account
    {
        get
        {
            var text = string.Join('\n', Endpoints.Select(endpoint => endpoint.Url.AbsoluteUri).Order(StringComparer.Ordinal).Prepend(Model));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..AccountHexDigits];
        }
    }

    /// <summary>The judges of a domain: one from its own keys, or one for each entry of <c>judges</c> with the domain's keys below it.</summary>
    /// <exception cref="JudgeSetupException">A key is missing or has an impossible value.</exception>
    public static IReadOnlyList<JudgeOptions> From(RewardSettings settings)
    {
        if (settings.Value("judges") is not { } judges) return [One(new JudgeSettings(settings, null))];
        if (judges.ValueKind != JsonValueKind.Array || judges.GetArrayLength() == 0 || judges.EnumerateArray().Any(j => j.ValueKind != JsonValueKind.Object))
            throw new JudgeSetupException("judges is a list of maps, one for each judge.");
        List<JudgeOptions> all = [.. judges.EnumerateArray().Select(judge => One(new JudgeSettings(settings, judge)))];
        var twice = all.GroupBy(j => j.Name).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? all : throw new JudgeSetupException($"Two judges have the name '{twice.Key}'; give them a name each.");
    }

    private static JudgeOptions One(JudgeSettings settings)
    {
        var model = settings.Text("judge_model_name") ?? throw new JudgeSetupException("judge_model_name is missing: the name of the judge's model at its endpoint.");
        var urls = settings.Texts("judge_api_url");
        if (urls.Count == 0) throw new JudgeSetupException("judge_api_url is missing: where the judge answers, such as http://localhost:8000/v1.");
        var keys = settings.Texts("judge_api_key");
        if (keys.Count > 1 && keys.Count != urls.Count) throw new JudgeSetupException($"judge_api_key has {keys.Count} keys for {urls.Count} urls; give one for all, or one for each.");
        var samples = settings.Number("judge_samples") ?? 1;
        var generating = GeneratingArgs.Of(settings.Value("generating_args"));
        return new JudgeOptions
        {
            Name = settings.Own("name") ?? model,
            Model = model,
            Endpoints = [.. urls.Select((url, i) => new JudgeEndpoint(JudgeEndpoint.Address(url), JudgeKey.Resolve(keys.Count == 0 ? null : keys[keys.Count == 1 ? 0 : i])))],
            AttemptTimeout = settings.Seconds("judge_attempt_timeout_s", 60),
            Attempts = settings.Whole("judge_attempts", 6),
            Limits = new BudgetRates(settings.Positive("judge_requests_per_minute"), settings.Positive("judge_tokens_per_minute")),
            Prices = (settings.Number("judge_price_prompt") ?? 0, settings.Number("judge_price_completion") ?? 0),
            Temperature = (float?)generating.Temperature ?? (samples > 1 ? null : 0),
            TopP = (float?)generating.TopP,
            MaxTokens = generating.MaxNewTokens,
            Concurrency = settings.Whole("judge_concurrency", LlmJudgeOptions.DefaultConcurrency),
        };
    }

    // The entry of one judge, with the domain's keys below it.
    private sealed class JudgeSettings(RewardSettings domain, JsonElement? judge)
    {
        public JsonElement? Value(string name) =>
            judge is { } own && own.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : domain.Value(name);

        public string? Own(string name) => judge is { } own && own.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        public string? Text(string name) => Value(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

        public IReadOnlyList<string> Texts(string name) => Value(name) switch
        {
            { ValueKind: JsonValueKind.String } value => [value.GetString()!],
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => item.ToString())],
            _ => [],
        };

        public double? Number(string name) => Value(name) is { } value ? Number(name, value) : null;

        public double? Positive(string name) => Number(name) is not { } value ? null : value > 0 ? value : throw Impossible(name, value, "above 0");

        public TimeSpan Seconds(string name, double otherwise) => Number(name) is not { } value ? TimeSpan.FromSeconds(otherwise) : value is > 0 and <= 86_400 ? TimeSpan.FromSeconds(value) : throw Impossible(name, value, "above 0 and at most a day");

        public int Whole(string name, int otherwise) => Number(name) is not { } value ? otherwise : value is >= 1 and <= 1_000_000 && value == Math.Floor(value) ? (int)value : throw Impossible(name, value, "a whole number of 1 or more");

        private static double Number(string name, JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Number && value.GetDouble() is var given && double.IsFinite(given)) return given;
            if (value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) return number;
            throw new JudgeSetupException($"{name} is {value.GetRawText()}; expected is a number.");
        }

        private static JudgeSetupException Impossible(string name, double value, string expected) => new(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; expected is {expected}."));
    }
}
