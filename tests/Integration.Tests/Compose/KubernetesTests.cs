using Fleet.Cli.Configuration;
using Fleet.Contracts.Names;
using k8s;
using k8s.Models;
using YamlDotNet.Core;

namespace Fleet.Integration.Tests.Compose;

/// <summary>The manifests, read strictly with the types of Kubernetes's own client, and what they say of each other. No cluster is asked.</summary>
public sealed class KubernetesTests
{
    private static readonly string Folder = Path.Combine(FleetStack.Root, "compose", "kubernetes");

    /// <summary>What the rabbitmq trigger of KEDA understands.</summary>
    private static readonly string[] TriggerKeys =
        ["host", "hostFromEnv", "protocol", "queueName", "mode", "value", "activationValue", "vhostName", "unsafeSsl", "useRegex", "operation", "pageSize", "timeout", "excludeUnacknowledged"];

    private static readonly List<(string File, string Yaml, object Content)> Manifests = [.. Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal).SelectMany(Read)];

    private static IEnumerable<V1Deployment> Deployments => Manifests.Select(manifest => manifest.Content).OfType<V1Deployment>();

    private static IEnumerable<ScaledObject> ScaledObjects => Manifests.Select(manifest => manifest.Content).OfType<ScaledObject>();

    [Fact]
    public void A_field_that_its_kind_does_not_have_is_found()
    {
        Assert.Equal((9, 8, 1, 1, 1), (Deployments.Count(), ScaledObjects.Count(), Of<V1Service>(), Of<V1ConfigMap>(), Of<TriggerAuthentication>()));
        foreach (var (yaml, right, wrong) in new[]
        {
            (Yaml("worker-math-rule.yaml", 0), "terminationGracePeriodSeconds", "terminationGraceSeconds"),
            (Yaml("worker-math-rule.yaml", 0), "readinessProbe: { httpGet", "readinessProbe: { http"),
            (Yaml("worker-math-rule.yaml", 0), "failureThreshold: 60", "failureThreshold: often"),
            (Yaml("worker-math-rule.yaml", 1), "cooldownPeriod", "coolDownPeriod"),
        })
        {
            Assert.Contains(right, yaml, StringComparison.Ordinal);
            Assert.ThrowsAny<YamlException>(() => Parse("changed.yaml", yaml.Replace(right, wrong, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void The_kustomization_names_every_file()
    {
        var kustomization = Manifests.Select(manifest => manifest.Content).OfType<Kustomization>().Single();

        Assert.Equal(Directory.GetFiles(Folder).Select(Path.GetFileName).Except(["kustomization.yaml"]).Order(StringComparer.Ordinal), kustomization.Resources.Order(StringComparer.Ordinal));
        Assert.Equal(kustomization.Namespace, Manifests.Select(manifest => manifest.Content).OfType<V1Namespace>().Single().Metadata.Name);
        Assert.All(Containers(), container => Assert.Contains(container.Image.Split(':')[0], kustomization.Images.Select(image => image["name"])));
    }

    [Fact]
    public void Every_domain_of_the_configuration_is_served_and_scaled_by_its_queue()
    {
        var file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".yaml");
        File.WriteAllText(file, Manifests.Select(manifest => manifest.Content).OfType<V1ConfigMap>().Single().Data["fleet.yaml"]);
        try
        {
            var config = ConfigLoader.Load(file, new ConfigOverrides());
            var served = Deployments.Select(Domain).OfType<string>().Order(StringComparer.Ordinal).ToList();

            Assert.Null(config.Warning);
            Assert.Equal(config.Run.Domains.Select(domain => domain.ServedBy).Distinct().Order(StringComparer.Ordinal), served);
            Assert.Equal(ConfigLoader.Load(FleetStack.Config, new ConfigOverrides()).Run.Domains.Select(domain => (domain.Domain, string.Join(' ', domain.Tags))), config.Run.Domains.Select(domain => (domain.Domain, string.Join(' ', domain.Tags))));
        }
        finally
        {
            File.Delete(file);
        }

        var access = Manifests.Select(manifest => manifest.Content).OfType<TriggerAuthentication>().Single();
        Assert.Equal(["host"], access.Spec.SecretTargetRef.Select(secret => secret["parameter"]));
        foreach (var scaled in ScaledObjects)
        {
            var target = Deployments.Single(deployment => deployment.Metadata.Name == scaled.Spec.ScaleTargetRef["name"]);
            Assert.Equal([QueueNames.Work(Domain(target)!), QueueNames.Evaluation(Domain(target)!)], scaled.Spec.Triggers.Select(trigger => trigger.Metadata["queueName"]));
            foreach (var trigger in scaled.Spec.Triggers)
            {
                Assert.Equal(("keda.sh/v1alpha1", "rabbitmq", access.Metadata.Name), (scaled.ApiVersion, trigger.Type, trigger.AuthenticationRef["name"]));
                Assert.Empty(trigger.Metadata.Keys.Except(TriggerKeys));
            }

            Assert.InRange(scaled.Spec.MinReplicaCount, 1, scaled.Spec.MaxReplicaCount);
            // Who scales is one: the number is not also in the deployment.
            Assert.Null(target.Spec.Replicas);
        }

        // KEDA takes texts only. Programs come in parts of mostly one row.
        Assert.All(
            Manifests.Where(manifest => manifest.Content is ScaledObject),
            manifest => Assert.Contains(manifest.Yaml.Contains(QueueNames.Work(Domains.CodeSandbox), StringComparison.Ordinal) ? "value: \"16\"" : "value: \"4\"", manifest.Yaml, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_container_is_probed_drained_and_without_rights()
    {
        foreach (var deployment in Deployments)
        {
            var pod = deployment.Spec.Template.Spec;
            var container = Assert.Single(pod.Containers);
            Assert.Equal(deployment.Spec.Selector.MatchLabels, deployment.Spec.Template.Metadata.Labels);
            Assert.InRange(pod.TerminationGracePeriodSeconds ?? 0, 91, 600);

            var port = Assert.Single(container.Ports);
            Assert.Equal(8080, port.ContainerPort);
            Assert.EndsWith($":{port.ContainerPort}", container.Args[container.Args.IndexOf(Domain(deployment) is null ? "--listen" : "--health") + 1], StringComparison.Ordinal);
            Assert.Equal(("/v1/health", "/v1/ping", "/v1/ping"), (container.ReadinessProbe.HttpGet.Path, container.LivenessProbe.HttpGet.Path, container.StartupProbe.HttpGet.Path));
            Assert.All(new[] { container.ReadinessProbe, container.LivenessProbe, container.StartupProbe }, probe => Assert.Equal(port.Name, probe.HttpGet.Port.Value));

            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.Equal(("RuntimeDefault", false), (pod.SecurityContext.SeccompProfile.Type, pod.AutomountServiceAccountToken));
            Assert.Equal((false, true), (container.SecurityContext.AllowPrivilegeEscalation, container.SecurityContext.ReadOnlyRootFilesystem));
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.Equal(pod.Volumes.Select(volume => volume.Name), container.VolumeMounts.Select(mount => mount.Name));
            Assert.All(pod.Volumes.Where(volume => volume.ConfigMap is not null), volume => Assert.Contains(volume.ConfigMap.Name, Manifests.Select(manifest => manifest.Content).OfType<V1ConfigMap>().Select(map => map.Metadata.Name)));
            // Only what runs programs sees anything of its node, and no secret is in a manifest.
            Assert.Equal(Domain(deployment) == "code_sandbox", pod.Volumes.Any(volume => volume.HostPath is not null));
            Assert.All(container.Env, variable => Assert.NotNull(variable.ValueFrom.SecretKeyRef));
        }

        var gateway = Deployments.Single(deployment => Domain(deployment) is null);
        var service = Manifests.Select(manifest => manifest.Content).OfType<V1Service>().Single();
        Assert.Equal(gateway.Spec.Template.Metadata.Labels, service.Spec.Selector);
        Assert.Equal(gateway.Spec.Template.Spec.Containers[0].Ports[0].Name, service.Spec.Ports[0].TargetPort.Value);
    }

    /// <summary>What is mended in one of the copies is mended in all.</summary>
    [Fact]
    public void Workers_of_rules_differ_in_their_domain_alone()
    {
        var texts = Deployments.Select(Domain).OfType<string>().Where(domain => domain != "code_sandbox")
            .Select(domain => (Name: domain.Replace('_', '-'), Domain: domain))
            .Select(worker => File.ReadAllText(Path.Combine(Folder, $"worker-{worker.Name}.yaml")).Replace(worker.Domain, "DOMAIN", StringComparison.Ordinal).Replace(worker.Name, "NAME", StringComparison.Ordinal));

        // A name of one word would be both.
        Assert.Single(texts.Select(text => text.Replace("NAME", "DOMAIN", StringComparison.Ordinal)).Distinct());
    }

    private static IEnumerable<V1Container> Containers() => Deployments.SelectMany(deployment => deployment.Spec.Template.Spec.Containers);

    private static int Of<T>() => Manifests.Count(manifest => manifest.Content is T);

    private static string Yaml(string file, int index) => Manifests.Where(manifest => manifest.File == file).ElementAt(index).Yaml;

    /// <summary>What a deployment serves; null for the gateway.</summary>
    private static string? Domain(V1Deployment deployment)
    {
        var arguments = deployment.Spec.Template.Spec.Containers.Single().Args;
        return arguments.IndexOf("--domain") is >= 0 and var at ? arguments[at + 1] : null;
    }

    private static IEnumerable<(string File, string Yaml, object Content)> Read(string path) =>
        File.ReadAllText(path).Split("\n---\n").Select(yaml => (Path.GetFileName(path), yaml, Parse(Path.GetFileName(path), yaml)));

    private static object Parse(string file, string yaml)
    {
        var kind = yaml.Split('\n').First(line => line.StartsWith("kind: ", StringComparison.Ordinal))["kind: ".Length..];
        return kind switch
        {
            "Deployment" => KubernetesYaml.Deserialize<V1Deployment>(yaml, strict: true),
            "Service" => KubernetesYaml.Deserialize<V1Service>(yaml, strict: true),
            "ConfigMap" => KubernetesYaml.Deserialize<V1ConfigMap>(yaml, strict: true),
            "Namespace" => KubernetesYaml.Deserialize<V1Namespace>(yaml, strict: true),
            "ScaledObject" => KubernetesYaml.Deserialize<ScaledObject>(yaml, strict: true),
            "TriggerAuthentication" => KubernetesYaml.Deserialize<TriggerAuthentication>(yaml, strict: true),
            "Kustomization" => KubernetesYaml.Deserialize<Kustomization>(yaml, strict: true),
            _ => throw new YamlException($"{file} has an object of the kind {kind}, which nothing here knows."),
        };
    }
}
