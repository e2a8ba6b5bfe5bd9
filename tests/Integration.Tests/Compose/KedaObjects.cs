using k8s.Models;

namespace Fleet.Integration.Tests.Compose;

/// <summary>The part of KEDA's ScaledObject (keda.sh/v1alpha1) that manifests may use here; another field does not deserialize.</summary>
public sealed class ScaledObject
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public ScaledObjectSpec Spec { get; set; } = new();
}

/// <summary>What is scaled, between which bounds, by what.</summary>
public sealed class ScaledObjectSpec
{
    public Dictionary<string, string> ScaleTargetRef { get; set; } = [];

    public int PollingInterval { get; set; }

    public int CooldownPeriod { get; set; }

    public int MinReplicaCount { get; set; }

    public int MaxReplicaCount { get; set; }

    public IList<ScaleTrigger> Triggers { get; set; } = [];
}

/// <summary>One source of the wanted number.</summary>
public sealed class ScaleTrigger
{
    public string Type { get; set; } = "";

    public Dictionary<string, string> Metadata { get; set; } = [];

    public Dictionary<string, string> AuthenticationRef { get; set; } = [];
}

/// <summary>KEDA's TriggerAuthentication: where a trigger's secrets are.</summary>
public sealed class TriggerAuthentication
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public TriggerAuthenticationSpec Spec { get; set; } = new();
}

/// <summary>Parameters of a trigger, each out of a secret.</summary>
public sealed class TriggerAuthenticationSpec
{
    public IList<Dictionary<string, string>> SecretTargetRef { get; set; } = [];
}

/// <summary>The part of a kustomization that is used here.</summary>
public sealed class Kustomization
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public string Namespace { get; set; } = "";

    public IList<string> Resources { get; set; } = [];

    public IList<Dictionary<string, string>> Images { get; set; } = [];
}
