using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Ranks;
using Fleet.Dispatcher.Shaped;
using Fleet.Shaping;

namespace Fleet.Dispatcher.Runs;

/// <summary>A run: its id and the configuration of each domain. Two trainers on one fleet have two runs.</summary>
public sealed class RunDefinition
{
    private readonly Dictionary<string, DomainDefinition> _domains;
    private readonly Dictionary<string, string> _domainOfTag = new(StringComparer.Ordinal);

    /// <summary>A run of these domains.</summary>
    /// <exception cref="FleetException">Two domains list the same tag.</exception>
    public RunDefinition(string runId, IEnumerable<DomainDefinition> domains)
    {
        RunId = runId;
        _domains = domains.ToDictionary(domain => domain.Domain, StringComparer.Ordinal);
        foreach (var domain in _domains.Values)
        {
            foreach (var tag in domain.Tags)
            {
                if (!_domainOfTag.TryAdd(tag, domain.Domain) && _domainOfTag[tag] != domain.Domain)
                {
                    throw new FleetException($"The tag '{tag}' is listed in tag_included of both '{_domainOfTag[tag]}' and '{domain.Domain}'; take it out of one.");
                }
            }
        }
    }

    /// <summary>Id of the run.</summary>
    public string RunId { get; }

    /// <summary>The domains of the run.</summary>
    public IReadOnlyCollection<DomainDefinition> Domains => _domains.Values;

    /// <summary>Whether a domain of the run has its rewards shaped.</summary>
    internal bool IsShaped => _domains.Values.Any(domain => domain.Shaping is not null);

    /// <summary>A domain by name, or null.</summary>
    public DomainDefinition? Domain(string name) => _domains.GetValueOrDefault(name);

    /// <summary>The domain that lists a tag, or null.</summary>
    public DomainDefinition? DomainOfTag(string tag) => _domainOfTag.TryGetValue(tag, out var domain) ? _domains[domain] : null;
}

/// <summary>One domain of a run.</summary>
public sealed class DomainDefinition
{
    /// <summary>A domain with its block of the configuration.</summary>
    /// <exception cref="FleetException">The block's shaping cannot be right: all its faults.</exception>
    /// <param name="domain">Name of the domain.</param>
    /// <param name="servedBy">The domain whose queues serve it: itself, unless it is an alias or a second name of the same worker.</param>
    /// <param name="tags">Tags that are routed to it.</param>
    /// <param name="config">Its block of the configuration.</param>
    public DomainDefinition(string domain, string servedBy, IReadOnlyList<string> tags, JsonObject config)
    {
        (Domain, ServedBy, Tags) = (domain, servedBy, tags);
        Config = config.ToJsonString();
        ConfigHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Config)))[..16];
        using (var document = JsonDocument.Parse(Config)) (TpSize, PpSize) = GroupShape.Of(document.RootElement);
        if (ShapingConfig.Read(config) is var (settings, window)) Shaping = new DomainShaping(domain, servedBy, ShapingPlan.From(settings), window);
    }

    /// <summary>Name of the domain, as rows give it.</summary>
    public string Domain { get; }

    /// <summary>The domain whose queues serve it.</summary>
    public string ServedBy { get; }

    /// <summary>Tags that are routed to it.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>Its block of the configuration, as JSON.</summary>
    public string Config { get; }

    /// <summary>Hash of <see cref="Config"/>: 16 hexadecimal digits.</summary>
    public string ConfigHash { get; }

    /// <summary>Why no build of this fleet can score the domain; null when it can. Its rows are invalid.</summary>
    public string? NotBuilt { get; init; }

    /// <summary>Tensor-parallel size of a group of its ranks.</summary>
    public int TpSize { get; }

    /// <summary>Pipeline-parallel size of a group of its ranks.</summary>
    public int PpSize { get; }

    /// <summary>What happens to its rewards after they were scored; null when nothing does.</summary>
    internal DomainShaping? Shaping { get; }
}
