using System.Globalization;
using System.Text.Json.Nodes;

namespace Forewarn.Deploy.Tests;

/// <summary>What manifests name exists: variables and ports in the services' options, images in the repository, secrets by name only.</summary>
public sealed class ChartReferenceTests
{
    /// <summary>Ports of containers and the options that services listen by.</summary>
    static readonly Dictionary<string, string> PortVariables = new(StringComparer.Ordinal)
    {
        ["health"] = "HEALTH_PORT",
        ["http"] = "GATEWAY__PORT",
        ["metrics"] = "INGESTION__PORT",
        ["otlp-grpc"] = "INGESTION__OTLP__GRPCPORT",
        ["otlp-http"] = "INGESTION__OTLP__HTTPPORT",
    };

    [Theory]
    [MemberData(nameof(Profiles.All), MemberType = typeof(Profiles))]
    public async Task Every_variable_is_one_that_the_service_reads(string profile)
    {
        var unknown = from manifest in await ServicesAsync(profile)
                      let service = manifest.Annotation("dapr.io/app-id")!
                      from variable in Variables(manifest.Containers.Single())
                      let name = (string)variable["name"]!
                      // Set by Dapr for an app that runs beside it.
                      where name is not "APP_PORT" && !Repository.Settings.Any(setting => setting.IsReadBy(service, name))
                      select $"{manifest}: {name}";
        unknown.ShouldBeEmpty("docs/config.md does not say that the service reads it");
    }

    [Theory]
    [MemberData(nameof(Profiles.All), MemberType = typeof(Profiles))]
    public async Task Every_port_is_the_one_that_the_service_is_told_to_listen_on(string profile)
    {
        foreach (var manifest in await ServicesAsync(profile))
        {
            var container = manifest.Containers.Single();
            foreach (var port in container["ports"]?.AsArray() ?? [])
            {
                var variable = PortVariables[(string)port!["name"]!];
                Text(Variables(container).Single(one => (string?)one["name"] == variable)).ShouldBe(port["containerPort"]!.ToString(), manifest.ToString());
                if (Repository.Settings.Single(setting => setting.Variable == variable).Default is { Length: > 0 } usual)
                    port["containerPort"]!.ToString().ShouldBe(usual, "the same port everywhere");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Profiles.All), MemberType = typeof(Profiles))]
    public async Task Services_are_those_of_the_repository_and_foreign_images_are_pinned(string profile)
    {
        foreach (var image in (await Profiles.RenderAsync(profile)).SelectMany(manifest => manifest.Containers).Select(container => (string)container["image"]!))
        {
            var (name, tag) = (image[..image.LastIndexOf(':')], image[(image.LastIndexOf(':') + 1)..]);
            if (name.Contains("forewarn/", StringComparison.Ordinal))
                Directory.Exists(Repository.PathOf("services", name[(name.LastIndexOf('/') + 1)..])).ShouldBeTrue(image);
            tag.Contains('.', StringComparison.Ordinal).ShouldBeTrue($"{image} is not pinned");
        }
        (await Profiles.RenderAsync("everything")).Single(manifest => manifest.Kind == "Deployment" && manifest.Name == "forewarn-gateway")
            .Containers.Single()["image"]!.ToString().ShouldBe("registry.example.com/team/forewarn/gateway:1.2.3");
    }

    [Theory]
    [MemberData(nameof(Profiles.All), MemberType = typeof(Profiles))]
    public async Task Secrets_are_named_and_never_written(string profile)
    {
        var manifests = await Profiles.RenderAsync(profile);

        manifests.ShouldNotContain(manifest => manifest.Kind == "Secret");
        var written = from manifest in manifests
                      from container in manifest.Containers
                      from variable in Variables(container)
                      let name = (string)variable["name"]!
                      where IsSecret(name) && variable["value"] is not null
                      select $"{manifest}: {name}";
        written.ShouldBeEmpty();
        var metadata = manifests.Where(manifest => manifest.Kind == "Component").SelectMany(manifest => manifest.Spec["metadata"]!.AsArray().Cast<JsonObject>());
        metadata.Where(item => (string?)item["name"] is "connectionString" or "saslPassword" or "secretKey" or "clientKey" && item["secretKeyRef"] is null).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_secret_of_the_small_profile_is_made_by_the_script()
    {
        var manifests = await Profiles.RenderAsync("small");
        var made = (await SecretsScript.RunAsync()).Made;

        var named = manifests.SelectMany(manifest => Manifest.Below(manifest.Root)).Select(node => node["secretKeyRef"]).OfType<JsonObject>()
            .Select(reference => $"{reference["name"]}/{reference["key"]}")
            .Concat(manifests.SelectMany(manifest => new[] { manifest.Annotation("dapr.io/api-token-secret"), manifest.Annotation("dapr.io/app-token-secret") })
                .OfType<string>().Select(secret => $"{secret}/token"))
            .Distinct(StringComparer.Ordinal);
        named.ShouldBe(made.SelectMany(secret => secret.Value.Keys.Select(key => $"{secret.Key}/{key}")), ignoreOrder: true, "what is made is used, and what is used is made");
    }

    [Fact]
    public async Task Replicas_do_not_all_ask_the_same_targets()
    {
        Value(await IngestionAsync("replicas: 1"), "INGESTION__SCRAPE__ENABLED").ShouldBe("true");
        Value(await IngestionAsync("replicas: 2"), "INGESTION__SCRAPE__ENABLED").ShouldBe("false");
        Value(await IngestionAsync("autoscaling: { by: cpu }"), "INGESTION__PROBESENABLED").ShouldBe("false");

        static async Task<JsonObject> IngestionAsync(string settings) =>
            (await Profiles.WithAsync($"{{ kafka: {{ brokers: 'k:9092' }}, services: {{ ingestion: {{ {settings} }} }} }}"))
                .Single(manifest => manifest.Kind == "Deployment" && manifest.Name == "forewarn-ingestion").Containers.Single();
    }

    [Fact]
    public async Task The_gateway_answers_to_its_service_and_its_ingress_and_links_lead_there()
    {
        var manifests = await Profiles.RenderAsync("production");
        Value(ContainerOf(manifests, "gateway"), "GATEWAY__ALLOWEDHOSTS").ShouldBe(
            "forewarn-gateway,forewarn-gateway.forewarn,forewarn-gateway.forewarn.svc,forewarn.example.com");
        Value(ContainerOf(manifests, "alerting"), "ALERTING__PUBLICURL").ShouldBe("https://forewarn.example.com");
    }

    [Fact]
    public async Task Files_of_routing_and_thresholds_arrive_where_the_services_look()
    {
        var manifests = await Profiles.RenderAsync("everything");
        foreach (var (service, variable, file, key) in new[]
        {
            ("alerting", "ALERTING__CONFIGFILE", "alerting.yaml", "receivers"), ("stream-processor", "STREAMPROCESSOR__THRESHOLDSFILE", "thresholds.yaml", "rules"),
        })
        {
            var container = ContainerOf(manifests, service);
            Value(container, variable).ShouldBe($"/etc/forewarn/{file}");
            container["volumeMounts"]!.AsArray().ShouldContain(mount => (string?)mount!["mountPath"] == "/etc/forewarn");
            var content = (string)manifests.Single(manifest => manifest.Kind == "ConfigMap" && manifest.Name == $"forewarn-{service}").Root["data"]![file]!;
            YamlJson.Read(content).Single()[key].ShouldNotBeNull();
        }
        (await Profiles.RenderAsync("small")).SelectMany(manifest => manifest.Containers).SelectMany(Variables)
            .ShouldNotContain(one => (string?)one["name"] == "ALERTING__CONFIGFILE");
    }

    [Fact]
    public async Task The_guide_says_how_many_connections_the_production_profile_may_take()
    {
        var manifests = await Profiles.RenderAsync("production");
        var stores = manifests.Where(manifest => manifest.Kind == "Component" && (string?)manifest.Spec["type"] == "state.postgresql").ToList();
        var own = int.Parse(Repository.Settings.Single(setting => setting.Variable == "HISTORY__MAXCONNECTIONS").Default, CultureInfo.InvariantCulture);

        var most = manifests.Where(manifest => manifest.Annotation("dapr.io/enabled") is not null).Sum(manifest =>
        {
            var app = manifest.Annotation("dapr.io/app-id");
            var pods = (long?)manifests.SingleOrDefault(other => other.Kind == "HorizontalPodAutoscaler" && other.Name == manifest.Name)?.Spec["maxReplicas"]
                ?? (long?)manifest.Spec["replicas"] ?? 1;
            var sidecar = stores.Where(store => store.Root["scopes"] is not JsonArray scopes || scopes.Any(scope => (string?)scope == app))
                .Sum(store => int.Parse((string)store.Spec["metadata"]!.AsArray().Single(item => (string?)item!["name"] == "maxConns")!["value"]!, CultureInfo.InvariantCulture));
            return pods * (sidecar + (app == "history" ? own : 0));
        });

        (await File.ReadAllTextAsync(Repository.PathOf("docs", "kubernetes.md"), TestContext.Current.CancellationToken)).ShouldContain($"The production profile takes {most} at most");
    }

    [Fact]
    public async Task The_examples_of_routing_and_thresholds_arrive_as_they_are_written()
    {
        var (routing, rules) = (await ExampleAsync("alerting"), await ExampleAsync("thresholds"));
        var manifests = await Profiles.WithAsync($"kafka: {{ brokers: 'k:9092' }}\nalerting:\n  config:\n{Indent(routing, 4)}\nthresholds:\n{Indent(rules, 2)}");

        foreach (var (service, file, text) in new[] { ("alerting", "alerting.yaml", routing), ("stream-processor", "thresholds.yaml", rules) })
        {
            var content = (string)manifests.Single(manifest => manifest.Kind == "ConfigMap" && manifest.Name == $"forewarn-{service}").Root["data"]![file]!;
            JsonNode.DeepEquals(YamlJson.Read(content).Single(), YamlJson.Read(text).Single()).ShouldBeTrue(file);
        }

        static Task<string> ExampleAsync(string name) => File.ReadAllTextAsync(Repository.PathOf("docs", $"{name}.example.yaml"), TestContext.Current.CancellationToken);

        static string Indent(string text, int spaces) => string.Join('\n', text.Split('\n').Select(line => new string(' ', spaces) + line));
    }

    static async Task<IEnumerable<Manifest>> ServicesAsync(string profile) =>
        (await Profiles.RenderAsync(profile)).Where(manifest => manifest.Annotation("dapr.io/enabled") is not null);

    static JsonObject ContainerOf(IEnumerable<Manifest> manifests, string service) =>
        manifests.Single(manifest => manifest.Kind == "Deployment" && manifest.Name == $"forewarn-{service}").Containers.Single();

    static IEnumerable<JsonObject> Variables(JsonObject container) => container["env"]?.AsArray().Cast<JsonObject>() ?? [];

    static string? Value(JsonObject container, string name) => Text(Variables(container).Single(variable => (string?)variable["name"] == name));

    static string? Text(JsonObject variable) => (string?)variable["value"];

    static bool IsSecret(string name) =>
        name.StartsWith("ConnectionStrings__", StringComparison.Ordinal)
        || Array.Exists(["TOKEN", "PASSWORD", "SECRET", "SHA256", "KEY"], word => name.EndsWith(word, StringComparison.Ordinal));
}
