using System.Text.Json.Nodes;

namespace Forewarn.Deploy.Tests;

/// <summary>Every object of the chart is one that a cluster takes, and safe.</summary>
public sealed class ChartObjectTests
{
    [Theory]
    [MemberData(nameof(Profiles.All), MemberType = typeof(Profiles))]
    public async Task Every_object_has_the_types_and_keys_that_a_cluster_knows(string profile) =>
        (await Profiles.RenderAsync(profile)).Select(KubernetesTypes.Mistake).OfType<string>().ShouldBeEmpty();

    [Fact]
    public void An_unknown_key_and_another_type_are_found()
    {
        Mistake("{ replicaz: 1, selector: {}, template: {} }").ShouldContain("replicaz");
        Mistake("{ replicas: three, selector: {}, template: {} }").ShouldContain("replicas");
        Mistake("{ selector: {}, template: { spec: { containers: [{ name: a, env: [{ name: A, value: 1 }] }] } } }").ShouldContain("value");
        Mistake("{ selector: {}, template: { spec: { containers: [{ name: a, image: }] } } }").ShouldContain("image is empty");

        static string Mistake(string spec) =>
            KubernetesTypes.Mistake(Manifest.ReadAll($"{{ apiVersion: apps/v1, kind: Deployment, metadata: {{ name: x }}, spec: {spec} }}").Single()).ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(Profiles.All), MemberType = typeof(Profiles))]
    public async Task Names_are_unique_and_short_enough_and_labels_say_whose_they_are(string profile)
    {
        var manifests = await Profiles.RenderAsync(profile);

        manifests.GroupBy(manifest => $"{manifest.ApiVersion} {manifest}", StringComparer.Ordinal).Where(group => group.Count() > 1).ShouldBeEmpty();
        manifests.Where(manifest => manifest.Name.Length > 63).ShouldBeEmpty();
        manifests.Where(manifest => (string?)manifest.Metadata["labels"]?["app.kubernetes.io/instance"] != "forewarn").ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Profiles.All), MemberType = typeof(Profiles))]
    public async Task Selectors_find_exactly_the_pods_they_mean(string profile)
    {
        var manifests = await Profiles.RenderAsync(profile);
        var pods = manifests.Where(manifest => manifest.Pod is not null).ToList();

        foreach (var manifest in manifests)
        {
            var selector = manifest.Kind switch
            {
                "Deployment" or "StatefulSet" or "PodDisruptionBudget" => manifest.Spec["selector"]!["matchLabels"],
                "Service" => manifest.Spec["selector"],
                "NetworkPolicy" => manifest.Spec["podSelector"]!["matchLabels"],
                _ => null,
            };
            if (selector is JsonObject labels)
                pods.Count(pod => labels.All(label => JsonNode.DeepEquals(pod.Pod!["metadata"]!["labels"]![label.Key], label.Value))).ShouldBe(1, manifest.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Profiles.All), MemberType = typeof(Profiles))]
    public async Task Nobody_is_root_writes_beside_its_volumes_or_talks_to_the_cluster(string profile)
    {
        foreach (var manifest in (await Profiles.RenderAsync(profile)).Where(manifest => manifest.Pod is not null))
        {
            var pod = manifest.Pod!["spec"]!;
            pod["automountServiceAccountToken"]!.GetValue<bool>().ShouldBeFalse(manifest.ToString());
            pod["enableServiceLinks"]!.GetValue<bool>().ShouldBeFalse(manifest.ToString());
            pod["securityContext"]!["runAsNonRoot"]!.GetValue<bool>().ShouldBeTrue(manifest.ToString());
            ((long)pod["securityContext"]!["runAsUser"]!).ShouldBeGreaterThan(0);
            ((string?)pod["securityContext"]!["seccompProfile"]!["type"]).ShouldBe("RuntimeDefault");
            foreach (var container in manifest.Containers)
            {
                var security = container["securityContext"]!;
                security["allowPrivilegeEscalation"]!.GetValue<bool>().ShouldBeFalse(manifest.ToString());
                ((string?)security["capabilities"]!["drop"]![0]).ShouldBe("ALL");
                // Kafka and PostgreSQL write their settings and sockets beside themselves.
                if (manifest.Kind != "StatefulSet")
                    security["readOnlyRootFilesystem"]!.GetValue<bool>().ShouldBeTrue(manifest.ToString());
                container["resources"]!["requests"]!["memory"].ShouldNotBeNull(manifest.ToString());
                container["resources"]!["limits"]!["memory"].ShouldNotBeNull(manifest.ToString());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Profiles.All), MemberType = typeof(Profiles))]
    public async Task What_is_mounted_and_probed_is_there(string profile)
    {
        var manifests = await Profiles.RenderAsync(profile);
        foreach (var manifest in manifests.Where(manifest => manifest.Pod is not null))
        {
            var volumes = Names(manifest.Pod!["spec"]!["volumes"]).Concat(Names(manifest.Spec["volumeClaimTemplates"], claim => claim["metadata"]!["name"])).ToHashSet();
            foreach (var container in manifest.Containers)
            {
                Names(container["volumeMounts"]).ShouldBeSubsetOf(volumes, manifest.ToString());
                var ports = Names(container["ports"]).ToHashSet();
                Manifest.Below(container).SelectMany(node => new[] { node["httpGet"], node["tcpSocket"] }).OfType<JsonObject>()
                    .Select(probe => (string?)probe["port"]).ShouldAllBe(port => ports.Contains(port));
            }
            Manifest.Below(manifest.Pod).Select(node => (string?)node["configMap"]?["name"]).OfType<string>()
                .ShouldAllBe(name => manifests.Any(other => other.Kind == "ConfigMap" && other.Name == name));
            if ((string?)manifest.Pod!["spec"]!["serviceAccountName"] is { } account)
                manifests.ShouldContain(other => other.Kind == "ServiceAccount" && other.Name == account);
        }
        foreach (var backend in manifests.Where(manifest => manifest.Kind == "Ingress").SelectMany(manifest => Manifest.Below(manifest.Spec)).Select(node => node["service"]).OfType<JsonObject>())
        {
            var service = manifests.Single(other => other.Kind == "Service" && other.Name == (string?)backend["name"]);
            Names(service.Spec["ports"]).ShouldContain((string?)backend["port"]!["name"]);
        }
        foreach (var service in manifests.Where(manifest => manifest.Kind == "Service"))
        {
            var pod = manifests.Single(other => other.Name == service.Name && other.Kind is ("Deployment" or "StatefulSet"));
            ((JsonArray)service.Spec["ports"]!).Select(port => (string?)port!["targetPort"]).ShouldBeSubsetOf(pod.Containers.SelectMany(container => Names(container["ports"])));
        }
    }

    [Fact]
    public async Task Three_replicas_spread_and_survive_a_drain()
    {
        var manifests = await Profiles.RenderAsync("production");
        foreach (var deployment in manifests.Where(manifest => manifest.Kind == "Deployment" && (long?)manifest.Spec["replicas"] > 1))
        {
            manifests.ShouldContain(other => other.Kind == "PodDisruptionBudget" && other.Name == deployment.Name);
            deployment.Pod!["spec"]!["topologySpreadConstraints"]!.AsArray().Count.ShouldBe(2);
            ((long)deployment.Spec["strategy"]!["rollingUpdate"]!["maxUnavailable"]!).ShouldBe(0);
        }
        var scaler = manifests.Single(manifest => manifest.Kind == "HorizontalPodAutoscaler");
        manifests.Single(manifest => manifest.Kind == "Deployment" && manifest.Name == scaler.Name).Spec["replicas"].ShouldBeNull("an autoscaler and a fixed number would fight");
    }

    [Theory]
    [MemberData(nameof(Profiles.All), MemberType = typeof(Profiles))]
    public async Task Policies_let_through_what_the_services_listen_on(string profile)
    {
        var manifests = await Profiles.RenderAsync(profile);
        foreach (var service in manifests.Where(manifest => manifest.Kind == "Service"))
        {
            var allowed = manifests.Single(manifest => manifest.Kind == "NetworkPolicy" && manifest.Name == service.Name).Spec["ingress"]!.AsArray()
                .SelectMany(rule => rule!["ports"]!.AsArray()).Select(port => (long)port!["port"]!).ToHashSet();
            service.Spec["ports"]!.AsArray().Select(port => (long)port!["port"]!).ShouldBeSubsetOf(allowed, service.Name);
        }
    }

    static IEnumerable<string?> Names(JsonNode? list, Func<JsonNode, JsonNode?>? name = null) =>
        list is JsonArray items ? items.Select(item => (string?)(name is null ? item!["name"] : name(item!))) : [];
}
