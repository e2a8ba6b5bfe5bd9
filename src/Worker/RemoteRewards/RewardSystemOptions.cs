using System.Text.Json;
using Fleet.Contracts;
using Fleet.Worker.Judging;
using Fleet.Worker.Runs;

namespace Fleet.Worker.RemoteRewards;

/// <summary>A remote reward system: the domain's <c>reward_system_config</c> and <c>reward_manager_config</c>.</summary>
internal sealed record RewardSystemOptions
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Where a task is handed in.</summary>
    public required Uri SubmitUrl { get; init; }

    /// <summary>Where its result is asked for.</summary>
    public required Uri ResultUrl { get; init; }

    /// <summary>The token of the header <c>XRL-Authorization</c>; null when the system asks for none.</summary>
    public JudgeKey? Authorization { get; init; }

    /// <summary><c>online</c> or <c>pre</c>, the header <c>BusinessType</c>.</summary>
    public string BusinessType { get; init; } = "online";

    /// <summary>Told to the system as it is.</summary>
    public string ProjectId { get; init; } = "";

    /// <summary>Told to the system as it is.</summary>
    public string ExperimentId { get; init; } = "";

    /// <summary>Told to the system as it is.</summary>
    public int Priority { get; init; } = 1;

    /// <summary>The plug-ins of the system that score, as JSON.</summary>
    public JsonElement Managers { get; init; }

    /// <summary>All that a row may take: handing in, waiting, and starting again.</summary>
    /// <value>Default 300 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long one HTTP exchange may take.</summary>
    /// <value>Default 20 seconds.</value>
    public TimeSpan ExchangeTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Between two questions for a result.</summary>
    /// <value>Default 2 seconds.</value>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Tasks handed in for one row before it fails.</summary>
    /// <value>Default 5.</value>
    public int Attempts { get; init; } = 5;

    /// <summary>What <see cref="Concurrency"/> is where nothing says otherwise.</summary>
    public const int DefaultConcurrency = 32;

    /// <summary>Rows that wait for their scores at once.</summary>
    /// <value>Default 32.</value>
    public int Concurrency { get; init; } = DefaultConcurrency;

    /// <summary>Reads a domain's block.</summary>
    /// <exception cref="FleetException">What is missing or cannot work.</exception>
    public static RewardSystemOptions Of(RunConfig config)
    {
        if (config.Value("reward_system_config") is not { ValueKind: JsonValueKind.Object } system)
        {
            throw new FleetException("No reward system is configured: set reward_system_config of the domain, with submit_url and get_result_url.");
        }

        string? Text(string name) => system.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;
        double? Number(string name) => system.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
        TimeSpan Seconds(string name, double otherwise)
        {
            var seconds = Number(name) ?? otherwise;
            return seconds > 0 && seconds <= Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : throw new FleetException($"reward_system_config.{name} is {seconds}; seconds from above 0 to {Longest.TotalSeconds:0} are expected.");
        }

        var type = Text("reward_system_type") ?? "online";
        if (type is not ("online" or "pre")) throw new FleetException($"reward_system_config.reward_system_type is '{type}'; online or pre is expected.");
        return new RewardSystemOptions
        {
            SubmitUrl = Url(Text("submit_url"), "submit_url"),
            ResultUrl = Url(Text("get_result_url"), "get_result_url"),
            Authorization = JudgeKey.Resolve(Text("xrl_authorization"), "The reward system's token"),
            BusinessType = type,
            ProjectId = Text("project_id") ?? "",
            ExperimentId = Text("experiment_id") ?? "",
            Priority = (int)(Number("priority") ?? 1),
            Managers = config.Value("reward_manager_config") is { ValueKind: JsonValueKind.Array } managers ? managers : JsonDocument.Parse("[]").RootElement,
            Timeout = Seconds("timeout_s", 300),
            ExchangeTimeout = Seconds("exchange_timeout_s", 20),
            PollEvery = Seconds("poll_s", 2),
            Attempts = Math.Clamp((int)(Number("attempts") ?? 5), 1, 100),
            Concurrency = Math.Clamp((int)(Number("concurrency") ?? DefaultConcurrency), 1, 4096),
        };
    }

    private static Uri Url(string? text, string key) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new FleetException($"reward_system_config.{key} is '{text}'; an address that starts with http:// or https:// is expected.");
}
