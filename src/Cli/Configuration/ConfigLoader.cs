using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Contracts;
using Fleet.Contracts.Names;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Runs;
using Fleet.Messaging;
using Fleet.Rewards;
using Fleet.Shaping.Components;
using Fleet.Worker;
using Fleet.Worker.Sandbox;

namespace Fleet.Cli.Configuration;

/// <summary>Reads a configuration: YAML whose <c>rewards:</c> block is the reference's, then environment, then flags. Reports every fault at once.</summary>
internal sealed class ConfigLoader(string file)
{
    private const int DeepestReference = 8;

    private readonly List<(long Line, string Text)> _faults = [];
    private readonly SortedSet<string> _ignored = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _literalKeys = new(StringComparer.Ordinal);

    /// <summary>Loads a file, or the defaults without one.</summary>
    /// <exception cref="FleetException">The file is missing, no YAML, or has faults: all of them, with their lines.</exception>
    public static FleetConfig Load(string? file, ConfigOverrides overrides)
    {
        var loader = new ConfigLoader(file ?? "defaults");
        var tree = YamlTree.Parse(file is null ? "" : ReadFile(file), file ?? "defaults");
        return loader.Read(tree, overrides);
    }

    private static string ReadFile(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new FleetException($"The configuration '{file}' cannot be read: {unreadable.Message}", inner: unreadable);
        }
    }

    private FleetConfig Read(YamlTree tree, ConfigOverrides overrides)
    {
        if (tree.Map is null) throw new FleetException($"{file}, line {tree.Line}: the configuration is no map of keys; start it with 'rewards:'.");
        var whole = tree;
        tree = tree.WithMembers((key, value) => ConfigKeys.Top.ContainsKey(key) ? value.Interpolated((text, line) => Interpolate(whole, text, line)) : value);
        var isPipeline = ConfigKeys.PipelineMarks.Any(mark => tree.Map!.ContainsKey(mark));
        CheckKeys(tree, ConfigKeys.Top, "", isPipeline);
        foreach (var (section, rules) in new[] { ("limits", ConfigKeys.Limits), ("plugins", ConfigKeys.PlugIns), ("sandbox", ConfigKeys.Sandbox), ("gateway", ConfigKeys.Gateway) }) CheckSection(tree, section, rules);
        if (tree.Map!.GetValueOrDefault("broker") is { Map: not null } broker) CheckKeys(broker, ConfigKeys.Broker, "broker.", isLenient: false);

        var parity = overrides.Parity ?? Text(tree, "parity") ?? "fixed";
        var domains = Domains(tree, Defaults(tree, parity), overrides.KnownClasses, overrides.KnownDomains);
        var brokerOptions = Broker(tree, overrides.Broker);
        Raise();

        return new FleetConfig
        {
            Broker = brokerOptions,
            Dispatcher = Dispatcher(tree),
            Worker = Worker(tree),
            Gateway = Gateway(tree),
            Run = new RunDefinition(Text(tree, "run_id") ?? Guid.NewGuid().ToString("N")[..12], domains),
            OnUnscored = Enum.Parse<OnUnscored>((Text(tree, "on_unscored") ?? "nan").Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
            TokenRewards = Enum.Parse<TokenRewards>((Text(tree, "token_rewards") ?? "zeros").Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
            Spread = Enum.Parse<Spread>(Text(tree, "spread") ?? "shared", ignoreCase: true),
            Warning = Warning(),
        };
    }

    private string? Warning()
    {
        string?[] warnings =
        [
            _ignored.Count == 0 ? null : $"{file}: these keys are read and have no effect here: {string.Join(", ", _ignored)}.",
            _literalKeys.Count == 0 ? null : $"{file}: {string.Join(", ", _literalKeys)} is the key itself and travels over the broker to the workers; write env:NAME or file:PATH to leave it where they are.",
        ];
        return warnings.OfType<string>().ToArray() is { Length: > 0 } told ? string.Join('\n', told) : null;
    }

    private List<DomainDefinition> Domains(YamlTree tree, JsonObject defaults, IReadOnlyCollection<string> knownClasses, IReadOnlyCollection<string> knownDomains)
    {
        if (tree.Map!.GetValueOrDefault("rewards") is not { Map: { } rewards })
        {
            return [.. DefaultDomains.All.Select(domain => Define(domain.Domain, domain.ServedBy, domain.Tags, defaults, null, knownDomains, tree)).OfType<DomainDefinition>()];
        }

        var domains = new List<DomainDefinition>();
        foreach (var (name, block) in rewards)
        {
            if (block.Map is null)
            {
                Fault(block, $"rewards.{name} is no map of keys; write the settings of the domain below it.");
                continue;
            }

            var workerClass = Text(block, "worker_cls");
            var builtIn = DefaultDomains.All.FirstOrDefault(domain => domain.Domain == name);
            var isCustom = workerClass is not null && WorkerClasses.DomainOf(workerClass) is null;
            CheckKeys(block, ConfigKeys.Domain, $"rewards.{name}.", isLenient: isCustom, ignoreUnknown: isCustom);
            if (workerClass is null && builtIn.Domain is null)
            {
                Fault(block, $"rewards.{name} is no built-in domain and names no worker_cls; built in are {string.Join(", ", DefaultDomains.All.Select(domain => domain.Domain))}.");
                continue;
            }

            if (isCustom && knownClasses.Count > 0 && !knownClasses.Contains(WorkerClasses.ShortName(workerClass!)))
            {
                Fault(block, $"rewards.{name}.worker_cls names '{workerClass}', which no worker here has; known are {string.Join(", ", knownClasses)}. A custom class needs its assembly in plugins.folder and plugins.allow.");
            }

            var config = defaults.DeepClone().AsObject();
            foreach (var (key, value) in block.Map) config[key] = key == "shaping" ? Merged(config[key] as JsonObject, value.ToJson() as JsonObject) : value.ToJson();
            CheckComponents(block, name);
            if (Text(block, "judge_api_key") is { Length: > 0 } secret && !secret.StartsWith("env:", StringComparison.Ordinal) && !secret.StartsWith("file:", StringComparison.Ordinal)) _literalKeys.Add($"rewards.{name}.judge_api_key");
            var tags = block.Map.GetValueOrDefault("tag_included")?.List?.Select(tag => tag.Scalar?.ToString() ?? "").ToArray() ?? builtIn.Tags ?? [];
            var servedBy = isCustom ? name : workerClass is not null ? WorkerClasses.DomainOf(workerClass)! : builtIn.ServedBy;
            ActorTokenizer.AddTo(config, servedBy, tree);
            if (Define(name, servedBy, tags, config, workerClass, knownDomains, block) is { } domain) domains.Add(domain);
        }

        return domains;
    }

    private DomainDefinition? Define(
        string domain, string servedBy, IReadOnlyList<string> tags, JsonObject config, string? workerClass, IReadOnlyCollection<string> knownDomains, YamlTree where)
    {
        var isBuilt = knownDomains.Count == 0 || knownDomains.Contains(servedBy) || (workerClass is not null && WorkerClasses.DomainOf(workerClass) is null);
        try
        {
            return new DomainDefinition(domain, servedBy, tags, config)
            {
                NotBuilt = isBuilt ? null : $"This build has no worker for the domain '{domain}'.",
            };
        }
        catch (FleetException wrong)
        {
            Fault(where, $"rewards.{domain}: {wrong.Message}");
            return null;
        }
    }

    private static JsonObject Defaults(YamlTree tree, string parity)
    {
        var config = new JsonObject { ["parity"] = parity };
        if (Number(tree, "limits", "row_timeout_s") is { } seconds) config["row_timeout_s"] = seconds;
        if (tree.Map!.GetValueOrDefault("shaping")?.ToJson() is JsonObject shaping) config["shaping"] = shaping;
        return config;
    }

    private static JsonObject Merged(JsonObject? defaults, JsonObject? own)
    {
        var merged = defaults?.DeepClone().AsObject() ?? [];
        foreach (var (key, value) in own ?? []) merged[key] = value?.DeepClone();
        return merged;
    }

    // A component is the domain's own reward, a rule, or a term that shaping computes.
    private void CheckComponents(YamlTree block, string domain)
    {
        if (block.Map!.GetValueOrDefault("rewards") is not { } components) return;
        if (components.List is null)
        {
            Fault(components, $"'rewards.{domain}.rewards' is no list; write the components, each a name or {{name: ..., weight: ...}}.");
            return;
        }

        foreach (var entry in components.List)
        {
            var name = entry.Map is null ? entry.Scalar?.ToString() : Text(entry, "name");
            if (name is null || name == domain || ComponentNames.All.Contains(name) || RewardCatalog.Names.Contains(name) || WorkerClasses.ClassOf(name) is not null) continue;
            Fault(entry, $"'rewards.{domain}.rewards' names the component '{name}', which is none; {Suggest(name, [domain, .. ComponentNames.All, .. RewardCatalog.Names])}.");
        }
    }

    private BrokerOptions Broker(YamlTree tree, string? flag)
    {
        var broker = tree.Map!.GetValueOrDefault("broker");
        var url = flag ?? Environment.GetEnvironmentVariable("FLEET_BROKER") ?? broker?.Scalar?.ToString() ?? (broker?.Map is null ? null : Text(broker, "url"));
        Uri? address = null;
        try
        {
            if (!string.IsNullOrEmpty(url)) address = BrokerOptions.ParseUrl(url);
        }
        catch (FleetException wrong) when (flag is null)
        {
            Fault(broker ?? tree, wrong.Message);
        }

        return new BrokerOptions
        {
            Url = address,
            ClusterNodes = broker?.Map?.GetValueOrDefault("cluster_nodes")?.List?.Select(node => node.Scalar?.ToString() ?? "").ToArray() ?? [],
            Heartbeat = Seconds(Number(tree, "broker", "heartbeat_s"), 10),
            QuorumQueues = broker?.Map?.GetValueOrDefault("quorum_queues")?.Scalar?.ToString() != "false",
            QueueExpiry = Seconds(Number(tree, "broker", "queue_expiry_s"), 3600),
            ConnectTimeout = Seconds(Number(tree, "broker", "connect_timeout_s"), 10),
        };
    }

    private static DispatcherOptions Dispatcher(YamlTree tree)
    {
        var defaults = new DispatcherOptions();
        return new DispatcherOptions
        {
            MaxPartRows = (int)(Number(tree, "limits", "max_part_rows") ?? defaults.MaxPartRows),
            MaxPartBytes = (int)(Number(tree, "limits", "max_part_bytes") ?? defaults.MaxPartBytes),
            MaxRowBytes = (int)(Number(tree, "limits", "max_row_bytes") ?? defaults.MaxRowBytes),
            MaxRowsInFlight = (int)(Number(tree, "limits", "max_rows_in_flight") ?? defaults.MaxRowsInFlight),
            MaxBytesInFlight = (long)(Number(tree, "limits", "max_bytes_in_flight") ?? defaults.MaxBytesInFlight),
            CallTimeout = Seconds(Number(tree, "limits", "call_timeout_s"), defaults.CallTimeout.TotalSeconds),
            InitializeTimeout = Seconds(Number(tree, "limits", "initialize_timeout_s"), defaults.InitializeTimeout.TotalSeconds),
            WorkerSilence = Seconds(Number(tree, "limits", "worker_silence_s"), defaults.WorkerSilence.TotalSeconds),
        };
    }

    private static WorkerOptions Worker(YamlTree tree)
    {
        var plugIns = tree.Map!.GetValueOrDefault("plugins");
        return new WorkerOptions
        {
            Slots = (int?)Number(tree, "slots"),
            Sandbox = Sandbox(tree),
            PlugInFolder = plugIns is null ? null : Text(plugIns, "folder"),
            PlugInAllowList = plugIns?.Map?.GetValueOrDefault("allow")?.List?.Select(name => name.Scalar?.ToString() ?? "").ToArray() ?? [],
        };
    }

    private static SandboxOptions Sandbox(YamlTree tree)
    {
        var defaults = new SandboxOptions();
        var sandbox = tree.Map!.GetValueOrDefault("sandbox");
        string? Own(string key) => sandbox is null ? null : Text(sandbox, key);
        int Whole(string key, int otherwise) => (int)(Number(tree, "sandbox", key) ?? otherwise);
        return new SandboxOptions
        {
            Engine = Own("engine") ?? defaults.Engine,
            Image = Own("image") ?? defaults.Image,
            Slots = Whole("slots", defaults.Slots),
            IdleSlots = Whole("idle_slots", defaults.IdleSlots),
            IdleSeconds = Number(tree, "sandbox", "idle_s") ?? defaults.IdleSeconds,
            RunsPerSlot = Whole("runs_per_slot", defaults.RunsPerSlot),
            MaxMemoryMegabytes = Whole("max_memory_mb", defaults.MaxMemoryMegabytes),
            Processes = Whole("processes", defaults.Processes),
            TemporaryMegabytes = Whole("temporary_mb", defaults.TemporaryMegabytes),
            OutputBytes = Whole("output_bytes", defaults.OutputBytes),
            Transport = Enum.Parse<SlotTransport>(Own("transport") ?? "auto", ignoreCase: true),
            EnginePatienceSeconds = Number(tree, "sandbox", "engine_patience_s") ?? defaults.EnginePatienceSeconds,
            Pin = sandbox?.Map?.GetValueOrDefault("pin")?.Scalar?.ToString() != "false",
            Runtime = Own("runtime") ?? defaults.Runtime,
        };
    }

    private static GatewaySettings Gateway(YamlTree tree)
    {
        var gateway = tree.Map!.GetValueOrDefault("gateway");
        string? Own(string key) => gateway is null ? null : Text(gateway, key);
        return new GatewaySettings
        {
            Listen = Own("listen"),
            ApiKeyFile = Own("api_key_file"),
            DefaultDomain = Own("domain"),
            MaxBodyBytes = (int?)Number(tree, "gateway", "max_body_bytes"),
            MaxHeldBytes = (long?)Number(tree, "gateway", "max_held_bytes"),
            MaxRequests = (int?)Number(tree, "gateway", "max_requests"),
            MaxStreamRows = (int?)Number(tree, "gateway", "max_stream_rows"),
            RequestTimeout = Number(tree, "gateway", "request_timeout_s") is { } timeout ? TimeSpan.FromSeconds(timeout) : null,
            RetryAfter = Number(tree, "gateway", "retry_after_s") is { } pause ? TimeSpan.FromSeconds(pause) : null,
        };
    }

    private void CheckSection(YamlTree tree, string section, Dictionary<string, KeyRule> rules)
    {
        if (tree.Map!.GetValueOrDefault(section) is { Map: not null } found) CheckKeys(found, rules, section + ".", isLenient: false);
    }

    private void CheckKeys(YamlTree tree, Dictionary<string, KeyRule> rules, string prefix, bool isLenient, bool ignoreUnknown = false)
    {
        foreach (var (key, value) in tree.Map!)
        {
            if (!rules.TryGetValue(key, out var rule))
            {
                if (ignoreUnknown) continue;
                if (isLenient) _ignored.Add(prefix + key);
                else Fault(value, $"'{prefix}{key}' is no known key; {Suggest(key, rules.Keys)}.");
            }
            else if (rule.IsIgnored)
            {
                _ignored.Add(prefix + key);
            }
            else if (rule.Fault(value) is { } fault)
            {
                Fault(value, $"'{prefix}{key}' {fault}.");
            }
        }
    }

    private static string Suggest(string key, IEnumerable<string> known)
    {
        var nearest = known.MinBy(candidate => Distance(key, candidate))!;
        return Distance(key, nearest) <= Math.Max(2, key.Length / 3) ? $"did you mean '{nearest}'?" : $"known are {string.Join(", ", known.Order(StringComparer.Ordinal))}";
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }

    // OmegaConf's ${name} and ${a.b}, from the same file; anything else in braces is left to whoever reads it.
    // Only what Fleet reads is resolved: the rest of a pipeline's file may refer to what its other files hold.
    private string Interpolate(YamlTree tree, string text, long line, int depth = 0) =>
        Regex.Replace(text, @"\$\{([A-Za-z_][A-Za-z0-9_.]*)\}", match =>
        {
            var found = match.Groups[1].Value.Split('.').Aggregate((YamlTree?)tree, (node, key) => node?.Map?.GetValueOrDefault(key));
            if (found?.Scalar is { } scalar && depth < DeepestReference) return Interpolate(tree, scalar.ToString(), line, depth + 1);
            _faults.Add((line, $"'{match.Value}' refers to a key that this file does not have, that is no single value, or that refers to itself."));
            return match.Value;
        }, RegexOptions.NonBacktracking);

    private void Fault(YamlTree where, string text) => _faults.Add((where.Line, text));

    private void Raise()
    {
        if (_faults.Count == 0) return;
        throw new FleetException(string.Join('\n', _faults.OrderBy(fault => fault.Line).Select(fault => $"{file}, line {fault.Line}: {fault.Text}")));
    }

    private static string? Text(YamlTree tree, string key) => tree.Map?.GetValueOrDefault(key)?.Scalar?.ToString();

    private static double? Number(YamlTree tree, string section, string key) =>
        tree.Map?.GetValueOrDefault(section) is { } found ? Number(found, key) : null;

    private static double? Number(YamlTree tree, string key) =>
        tree.Map?.GetValueOrDefault(key)?.Scalar is { } scalar
        && double.TryParse(scalar.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan Seconds(double? seconds, double otherwise) => TimeSpan.FromSeconds(seconds ?? otherwise);
}

/// <summary>What flags say over a file, and what this process can serve.</summary>
internal sealed record ConfigOverrides
{
    public string? Broker { get; init; }

    public string? Parity { get; init; }

    /// <summary>Classes that this process can serve; empty when others serve.</summary>
    public IReadOnlyCollection<string> KnownClasses { get; init; } = [];

    /// <summary>Domains that this process can serve; empty when others serve.</summary>
    public IReadOnlyCollection<string> KnownDomains { get; init; } = [];
}
