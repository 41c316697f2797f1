using System.Text.Json.Nodes;

namespace Forewarn.Deploy.Tests;

/// <summary>What the chart gives to the Prometheus Operator and to Grafana, where it is asked to.</summary>
public sealed class ChartMonitoringTests
{
    const string Rules = """
        # What no template of Helm's may touch.
        groups:
        - name: forewarn
          rules:
          - alert: LagGrows
            expr: sum by (consumergroup) (kafka_consumergroup_lag) > 1e4
            for: 5m
            labels: { severity: warning, tier: "1" }
            annotations: { summary: "{{ $labels.consumergroup }} has {{ $value | humanize }} messages before it" }
        """;

    const string Board = """
        {
          "uid": "forewarn-platform", "title": "Platform <b>",
          "panels": [ { "legendFormat": "{{app_id}} \"p99\"", "expr": "rate(a_total[$__rate_interval]) > 0.50" } ]
        }

        """;

    [Theory]
    [InlineData("prometheus/rules", "*.yaml", "rules")]
    [InlineData("grafana/boards", "*.json", "boards")]
    public void The_chart_holds_the_rules_and_boards_of_the_repository(string source, string pattern, string copy)
    {
        var files = Directory.EnumerateFiles(Repository.PathOf("deploy", source), pattern).ToDictionary(file => Path.GetFileName(file)!, File.ReadAllText);
        var own = Path.Combine(HelmRenderer.Chart, copy);

        (Directory.Exists(own) ? Directory.EnumerateFiles(own).Select(Path.GetFileName) : []).ShouldBe(files.Keys, ignoreOrder: true, "run ./forewarn docs");
        foreach (var (name, text) in files)
            File.ReadAllText(Path.Combine(own, name)).ShouldBe(text, $"{name}: run ./forewarn docs");
    }

    [Fact]
    public async Task Rules_and_boards_arrive_as_they_are_written()
    {
        using var chart = new ChartCopy();
        chart.Write("rules/forewarn_lag.yaml", Rules);
        chart.Write("boards/platform.json", Board);
        var rendered = await Profiles.TryAsync(
            "{ kafka: { brokers: 'k:1' }, monitoring: { labels: { release: p }, rules: { enabled: true }, dashboards: { enabled: true, annotations: { grafana_folder: Forewarn } } } }", chart.Path);
        rendered.Exit.ShouldBe(0, rendered.Error);
        var manifests = Manifest.ReadAll(rendered.Output);

        var rule = manifests.Single(manifest => manifest.Kind == "PrometheusRule");
        rule.Name.ShouldBe("forewarn-rules-forewarn-lag");
        KubernetesTypes.Mistake(rule).ShouldBeNull();
        JsonNode.DeepEquals(rule.Spec, YamlJson.Read(Rules).Single()).ShouldBeTrue(rule.Spec.ToJsonString());
        ((string?)rule.Metadata["labels"]!["release"]).ShouldBe("p");
        var board = manifests.Single(manifest => manifest.Name == "forewarn-board-platform");
        KubernetesTypes.Mistake(board).ShouldBeNull();
        ((string)board.Root["data"]!["platform.json"]!).ShouldBe(Board);
        ((string?)board.Metadata["labels"]!["grafana_dashboard"]).ShouldBe("1");
        ((string?)board.Metadata["annotations"]!["grafana_folder"]).ShouldBe("Forewarn");
    }

    [Fact]
    public async Task Rules_that_are_no_YAML_are_refused_with_their_name()
    {
        using var chart = new ChartCopy();
        chart.Write("rules/bad.yaml", "groups: [");
        var rendered = await Profiles.TryAsync("{ kafka: { brokers: 'k:1' }, monitoring: { rules: { enabled: true } } }", chart.Path);

        rendered.Exit.ShouldNotBe(0);
        rendered.Error.ShouldContain("rules/bad.yaml cannot be read");
    }

    [Fact]
    public async Task Without_rules_and_boards_the_chart_renders()
    {
        using var chart = new ChartCopy();
        var rendered = await Profiles.TryAsync("{ kafka: { brokers: 'k:1' }, monitoring: { rules: { enabled: true }, dashboards: { enabled: true } } }", chart.Path);

        rendered.Exit.ShouldBe(0, rendered.Error);
        Manifest.ReadAll(rendered.Output).ShouldNotContain(manifest => manifest.Kind == "PrometheusRule");
    }

    [Theory]
    [InlineData("small")]
    [InlineData("production")]
    public async Task Nothing_of_it_is_there_unless_it_is_asked_for(string profile)
    {
        var manifests = await Profiles.RenderAsync(profile);

        manifests.ShouldNotContain(manifest => manifest.ApiVersion.StartsWith("monitoring.coreos.com", StringComparison.Ordinal));
        manifests.ShouldNotContain(manifest => manifest.Name.Contains("-board-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Prometheus_finds_every_sidecar_and_the_gateway_and_signs_in()
    {
        var manifests = await Profiles.RenderAsync("everything");
        var pods = manifests.Single(manifest => manifest.Kind == "PodMonitor");
        manifests.Where(manifest => manifest.Annotation("dapr.io/enabled") is "true" && manifest.Kind == "Deployment").ShouldAllBe(one => Selects(pods, one.Pod!["metadata"]!["labels"]!));
        // The first as pkg/injector names it; on port 9090, which the policies open.
        pods.Spec["podMetricsEndpoints"]!.AsArray().Select(port => ((string?)port!["port"], Job(port))).ShouldBe([("dapr-metrics", "dapr"), ("health", "forewarn-services")]);
        foreach (var deployment in manifests.Where(manifest => manifest.Annotation("dapr.io/enabled") is "true" && manifest.Kind == "Deployment"))
        {
            var container = deployment.Containers.Single();
            var health = container["ports"]!.AsArray().Single(one => (string?)one!["name"] == "health")!["containerPort"]!;
            container["env"]!.AsArray().Single(one => (string?)one!["name"] == "OTEL_METRICS_EXPORTER")!["value"]!.ToString().ShouldBe("prometheus");
            manifests.Single(manifest => manifest.Kind == "NetworkPolicy" && manifest.Name == deployment.Name).Spec["ingress"]!.AsArray()
                .SelectMany(rule => rule!["ports"]!.AsArray()).ShouldContain(open => JsonNode.DeepEquals(open!["port"], health), deployment.Name);
        }

        var gateway = manifests.Single(manifest => manifest.Kind == "ServiceMonitor");
        var service = manifests.Where(manifest => manifest.Kind == "Service" && Selects(gateway, manifest.Metadata["labels"]!)).ShouldHaveSingleItem();
        var endpoint = gateway.Spec["endpoints"]!.AsArray().Single()!;
        service.Spec["ports"]!.AsArray().Select(one => (string?)one!["name"]).ShouldContain((string?)endpoint["port"]);
        var token = manifests.Single(manifest => manifest is { Kind: "Deployment", Name: "forewarn-gateway" }).Containers.Single()["env"]!.AsArray()
            .Single(one => (string?)one!["name"] == "GATEWAY__ACCESSTOKEN")!["valueFrom"]!["secretKeyRef"]!;
        JsonNode.DeepEquals(endpoint["authorization"]!["credentials"], token).ShouldBeTrue("Prometheus signs in with what the gateway asks for");
        ((string?)gateway.Metadata["labels"]!["release"]).ShouldBe("kube-prometheus-stack");
    }

    [Fact]
    public async Task The_gateways_pods_are_one_target_by_a_name_that_they_answer_to_and_Prometheus_gets_through_where_others_may_not()
    {
        var manifests = await Profiles.RenderAsync("everything");
        var relabelings = manifests.Single(manifest => manifest.Kind == "ServiceMonitor").Spec["endpoints"]![0]!["relabelings"]!.AsArray();
        var address = ((string)relabelings.Single(one => (string?)one!["targetLabel"] == "__address__")!["replacement"]!).Split(':');
        var gateway = manifests.Single(manifest => manifest is { Kind: "Deployment", Name: "forewarn-gateway" }).Containers.Single();
        ((string)gateway["env"]!.AsArray().Single(one => (string?)one!["name"] == "GATEWAY__ALLOWEDHOSTS")!["value"]!).Split(',').ShouldContain(address[0]);
        gateway["ports"]!.AsArray().Single(port => (string?)port!["name"] == "http")!["containerPort"]!.ToString().ShouldBe(address[1]);
        // Labels of the pod would make two targets of two pods again.
        ((string)relabelings.Single(one => (string?)one!["action"] == "labeldrop")!["regex"]!).Split('|').ShouldContain("pod");

        var policy = manifests.Single(manifest => manifest is { Kind: "NetworkPolicy", Name: "forewarn-gateway" });
        policy.Spec["ingress"]!.AsArray().Where(rule => rule!["ports"]!.AsArray().Any(port => (long)port!["port"]! == 7700))
            .SelectMany(rule => Manifest.Below(rule!["from"])).Select(peer => (string?)peer["kubernetes.io/metadata.name"]).ShouldContain("monitoring");
    }

    [Fact]
    public async Task Own_metrics_go_to_Prometheus_itself_without_traces()
    {
        var manifests = await Profiles.WithAsync(
            "{ kafka: { brokers: 'k:1' }, telemetry: { otlpEndpoint: 'http://prometheus.monitoring:9090/api/v1/otlp', otlpProtocol: http/protobuf, traces: false } }");
        var variables = manifests.Single(manifest => manifest is { Kind: "Deployment", Name: "forewarn-history" }).Containers.Single()["env"]!.AsArray()
            .ToDictionary(one => (string)one!["name"]!, one => (string?)one!["value"]);

        variables["OTEL_EXPORTER_OTLP_ENDPOINT"].ShouldBe("http://prometheus.monitoring:9090/api/v1/otlp");
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"].ShouldBe("http/protobuf");
        variables["OTEL_TRACES_SAMPLER"].ShouldBe("always_off");
        manifests.Single(manifest => manifest.Kind == "Configuration").Spec["tracing"]!["otel"].ShouldBeNull();
    }

    static bool Selects(Manifest monitor, JsonNode labels) =>
        monitor.Spec["selector"]!["matchLabels"]!.AsObject().All(label => JsonNode.DeepEquals(labels[label.Key], label.Value));

    static string? Job(JsonNode endpoint) => (string?)endpoint["relabelings"]!.AsArray().Single(one => (string?)one!["targetLabel"] == "job")!["replacement"];

    /// <summary>The chart in a folder of its own, without rules and boards.</summary>
    sealed class ChartCopy : IDisposable
    {
        public ChartCopy()
        {
            foreach (var file in Directory.EnumerateFiles(HelmRenderer.Chart, "*", SearchOption.AllDirectories))
            {
                var name = System.IO.Path.GetRelativePath(HelmRenderer.Chart, file);
                if (!name.StartsWith("rules", StringComparison.Ordinal) && !name.StartsWith("boards", StringComparison.Ordinal))
                    Write(name, File.ReadAllText(file));
            }
        }

        public string Path { get; } = Directory.CreateTempSubdirectory("forewarn-chart-").FullName;

        public void Write(string name, string text)
        {
            var file = System.IO.Path.Combine(Path, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
