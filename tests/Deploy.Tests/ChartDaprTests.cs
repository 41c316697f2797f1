using System.Text.Json.Nodes;

namespace Forewarn.Deploy.Tests;

/// <summary>A cluster gets the Dapr resources that everything else gets.</summary>
public sealed class ChartDaprTests
{
    /// <summary>What the injector of Dapr 1.18 reads; another spelling would be passed over in silence.</summary>
    static readonly string[] Annotations =
    [
        "enabled", "app-id", "app-port", "config", "log-level", "api-token-secret", "app-token-secret", "sidecar-cpu-request", "sidecar-memory-request",
        "sidecar-cpu-limit", "sidecar-memory-limit", "block-shutdown-duration", "disable-builtin-k8s-secret-store", "sidecar-seccomp-profile-type",
        "volume-mounts-rw", "sidecar-image",
    ];

    [Fact]
    public void The_chart_holds_the_components_of_the_repository()
    {
        var own = Path.Combine(HelmRenderer.Chart, "components");
        var files = Directory.EnumerateFiles(Repository.PathOf("components"), "*.yaml").ToDictionary(file => Path.GetFileName(file)!, File.ReadAllText);

        Directory.EnumerateFiles(own).Select(Path.GetFileName).ShouldBe(files.Keys, ignoreOrder: true, "run ./forewarn docs");
        foreach (var (name, text) in files)
            File.ReadAllText(Path.Combine(own, name)).ShouldBe(text, $"{name}: run ./forewarn docs");
    }

    [Fact]
    public async Task Resources_say_the_same_as_in_components_and_variables_have_become_values_and_references()
    {
        var manifests = await Profiles.RenderAsync("small");
        var documents = Repository.Components.Where(one => ((string)one.Document["apiVersion"]!).StartsWith("dapr.io/", StringComparison.Ordinal)).ToList();

        manifests.Where(manifest => manifest.Kind is "Component" or "Resiliency" or "Subscription").Select(manifest => manifest.ToString())
            .ShouldBe(documents.Select(one => new Manifest(one.Document).ToString()), ignoreOrder: true);
        foreach (var (file, document) in documents)
        {
            var here = manifests.Single(manifest => manifest.ToString() == new Manifest(document).ToString());
            here.ApiVersion.ShouldBe((string)document["apiVersion"]!);
            JsonNode.DeepEquals(here.Root["scopes"], document["scopes"]).ShouldBeTrue(file);
            if (here.Kind == "Component")
                SameComponent(document, here, file);
            else
                JsonNode.DeepEquals(here.Spec, document["spec"]).ShouldBeTrue(file);
        }
    }

    static void SameComponent(JsonObject document, Manifest here, string file)
    {
        foreach (var key in new[] { "type", "version", "ignoreErrors", "initTimeout" })
            JsonNode.DeepEquals(here.Spec[key], document["spec"]![key]).ShouldBeTrue($"{file}: {key}");
        var items = Metadata(here);
        foreach (var item in document["spec"]!["metadata"]!.AsArray())
        {
            var own = items[(string)item!["name"]!];
            if (item["envRef"] is null)
                JsonNode.DeepEquals(own, item).ShouldBeTrue($"{file}: {item["name"]}");
            else
                (own["value"] is null ^ own["secretKeyRef"] is null).ShouldBeTrue($"{file}: {item["name"]} is neither a value nor a reference");
            items.Remove((string)item["name"]!);
        }
        items.Keys.Except(["maxConns"]).ShouldBeEmpty(file);
    }

    [Fact]
    public async Task Production_speaks_to_Kafka_by_TLS_with_sign_in_and_keeps_models_in_a_bucket()
    {
        var manifests = await Profiles.RenderAsync("production");
        var brokers = manifests.Where(manifest => manifest.Kind == "Component" && (string?)manifest.Spec["type"] == "pubsub.kafka").ToList();

        brokers.Count.ShouldBe(3);
        foreach (var metadata in brokers.Select(Metadata))
        {
            Value(metadata["authType"]).ShouldBe("password");
            Value(metadata["saslMechanism"]).ShouldBe("SHA-512");
            Value(metadata["disableTls"]).ShouldBe("false");
            Reference(metadata["saslUsername"]).ShouldBe("forewarn-kafka/username");
            Reference(metadata["saslPassword"]).ShouldBe("forewarn-kafka/password");
            Reference(metadata["caCert"]).ShouldBe("forewarn-kafka-ca/ca.crt");
        }
        var store = manifests.Single(manifest => manifest.Kind == "Component" && manifest.Name == "model-store");
        ((string?)store.Spec["type"]).ShouldBe("bindings.aws.s3");
        Value(Metadata(store)["bucket"]).ShouldBe("forewarn-models");
        Value(Metadata(store)["decodeBase64"]).ShouldBe("true", "services send base64");
        Reference(Metadata(store)["secretKey"]).ShouldBe("forewarn-s3/secret-key");
        store.Root["scopes"]!.AsArray().Select(app => (string?)app).ShouldBe(["trainer", "predictor"]);
        manifests.ShouldNotContain(manifest => manifest.Kind == "PersistentVolumeClaim");
    }

    [Fact]
    public async Task Mutual_TLS_is_told_apart_and_metadata_of_the_user_comes_last()
    {
        var manifests = await Profiles.RenderAsync("everything");
        var telemetry = Metadata(manifests.Single(manifest => manifest.Kind == "Component" && manifest.Name == "telemetry"));

        Value(telemetry["authType"]).ShouldBe("mtls");
        Reference(telemetry["clientKey"]).ShouldBe("kafka-client/tls.key");
        Value(telemetry["maxMessageBytes"]).ShouldBe("1048576");
        Value(Metadata(manifests.Single(manifest => manifest.Kind == "Component" && manifest.Name == "statestore"))["timeout"]).ShouldBe("10s");
    }

    [Fact]
    public async Task A_component_that_reads_an_unknown_variable_stops_the_rendering()
    {
        var chart = Directory.CreateTempSubdirectory("forewarn-chart-").FullName;
        try
        {
            foreach (var file in Directory.EnumerateFiles(HelmRenderer.Chart, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(chart, Path.GetRelativePath(HelmRenderer.Chart, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
            await File.WriteAllTextAsync(Path.Combine(chart, "components", "pager.yaml"), """
                apiVersion: dapr.io/v1alpha1
                kind: Component
                metadata: { name: pager }
                spec: { type: bindings.http, version: v1, metadata: [{ name: url, envRef: PAGER_URL }] }
                """, TestContext.Current.CancellationToken);

            (await Profiles.TryAsync("kafka: { brokers: 'k:9092' }", chart)).Error
                .ShouldContain("components/pager.yaml reads PAGER_URL, which the chart does not know: give its metadata url in components.metadata.pager");
            (await Profiles.TryAsync("{ kafka: { brokers: 'k:9092' }, components: { metadata: { pager: { url: 'https://pager.example.com' } } } }", chart)).Output
                .ShouldContain("https://pager.example.com");
        }
        finally
        {
            Directory.Delete(chart, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles.All), MemberType = typeof(Profiles))]
    public async Task Every_app_has_a_sidecar_with_its_id_port_tokens_and_configuration(string profile)
    {
        var manifests = await Profiles.RenderAsync(profile);
        var deployments = manifests.Where(manifest => manifest.Kind == "Deployment").ToList();

        deployments.Select(deployment => deployment.Annotation("dapr.io/app-id")).ShouldBe(Repository.Apps, ignoreOrder: true);
        foreach (var manifest in manifests.Where(manifest => manifest.Annotation("dapr.io/enabled") is not null))
        {
            Repository.Apps.ShouldContain(manifest.Annotation("dapr.io/app-id"));
            manifests.ShouldContain(other => other.Kind == "Configuration" && other.Name == manifest.Annotation("dapr.io/config"));
            var container = manifest.Containers.Single();
            manifest.Annotation("dapr.io/app-port").ShouldBe(Variable(container, "APP_PORT")?["value"]?.ToString(), manifest.ToString());
            ((string?)Variable(container, "DAPR_API_TOKEN")!["valueFrom"]!["secretKeyRef"]!["name"]).ShouldBe(manifest.Annotation("dapr.io/api-token-secret"));
            ((string?)Variable(container, "APP_API_TOKEN")!["valueFrom"]!["secretKeyRef"]!["name"]).ShouldBe(manifest.Annotation("dapr.io/app-token-secret"));
            manifest.Pod!["metadata"]!["annotations"]!.AsObject().Select(pair => pair.Key).Where(key => key.StartsWith("dapr.io/", StringComparison.Ordinal))
                .ShouldBeSubsetOf(Annotations.Select(name => $"dapr.io/{name}"));
            if (manifest.Annotation("dapr.io/volume-mounts-rw") is { } mount)
                Manifest.Below(manifest.Pod!["spec"]!["volumes"]).ShouldContain(volume => (string?)volume["name"] == mount.Split(':')[0]);
        }
        manifests.SelectMany(manifest => manifest.Root["scopes"]?.AsArray().Select(app => (string)app!) ?? []).ShouldBeSubsetOf(Repository.Apps);
    }

    [Fact]
    public async Task Who_scales_by_lag_watches_the_groups_and_topics_that_its_code_reads()
    {
        foreach (var app in Repository.Subscriptions.Select(one => one.App).Distinct(StringComparer.Ordinal))
        {
            var manifests = await Profiles.WithAsync($"{{ kafka: {{ brokers: 'k:9092' }}, services: {{ {app}: {{ autoscaling: {{ by: lag }} }} }} }}");
            var triggers = manifests.Single(manifest => manifest.Kind == "ScaledObject").Spec["triggers"]!.AsArray().Select(trigger => trigger!["metadata"]!);

            triggers.Select(trigger => $"{trigger["consumerGroup"]} {trigger["topic"]}")
                .ShouldBe(Repository.Subscriptions.Where(one => one.App == app).Select(one => $"{app}-{one.Component} {one.Topic}"), ignoreOrder: true, app);
        }
        Repository.Subscriptions.Count.ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task Training_as_a_job_is_another_component_than_the_service_and_ends_its_sidecar()
    {
        var manifests = await Profiles.RenderAsync("everything");
        var job = manifests.Single(manifest => manifest.Kind == "CronJob");

        job.Annotation("dapr.io/app-id").ShouldBe("trainer");
        job.Annotation("dapr.io/app-port").ShouldBeNull("a sidecar with a port would bring it messages");
        job.Containers.Single()["args"]!.AsArray().Select(text => (string?)text).ShouldBe(["train", "--once", "--end-sidecar", "--kind", "autoencoder"]);
        manifests.ShouldNotContain(manifest => manifest.Kind == "Component" && manifest.Name == "train-schedule", "two clocks");
    }

    static Dictionary<string, JsonObject> Metadata(Manifest component) =>
        component.Spec["metadata"]!.AsArray().ToDictionary(item => (string)item!["name"]!, item => (JsonObject)item!, StringComparer.Ordinal);

    static string? Value(JsonObject item) => (string?)item["value"];

    static string Reference(JsonObject item) => $"{item["secretKeyRef"]!["name"]}/{item["secretKeyRef"]!["key"]}";

    static JsonObject? Variable(JsonObject container, string name) =>
        container["env"]!.AsArray().Cast<JsonObject>().SingleOrDefault(variable => (string?)variable["name"] == name);
}
