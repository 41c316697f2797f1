using System.Collections.Concurrent;

namespace Forewarn.Deploy.Tests;

/// <summary>Values that the chart is rendered with in tests; between them every template and every branch of it.</summary>
static class Profiles
{
    static readonly ConcurrentDictionary<string, Task<IReadOnlyList<Manifest>>> _rendered = new(StringComparer.Ordinal);

    /// <summary>Everything that the profiles of the chart leave out.</summary>
    const string Everything = """
        image: { registry: registry.example.com/team, tag: 1.2.3, pullSecrets: [registry] }
        kafka:
          brokers: kafka:9093
          tls: { enabled: true, caSecret: kafka-ca, clientSecret: kafka-client }
        modelStore: { kind: volume, volume: { existingClaim: models } }
        telemetry: { otlpEndpoint: "http://collector.monitoring:4317" }
        monitoring:
          labels: { release: kube-prometheus-stack }
          podMonitor: { enabled: true }
          serviceMonitor: { enabled: true, interval: 30s }
          rules: { enabled: true }
          dashboards: { enabled: true, annotations: { grafana_folder: Forewarn } }
        dapr: { tracingSamplingRate: "0.1", annotations: { dapr.io/sidecar-image: "registry.example.com/daprd:1.18.3" } }
        alerting: { publicUrl: "https://forewarn.example.com", signingKeySecret: signing, config: { receivers: [{ name: all, console: true }], routes: [{ name: rest, receivers: all }] } }
        thresholds: { rules: [{ name: disk-full, if: "system.filesystem.utilization > 0.9", for: 1m }] }
        email: { host: mail.example.com, port: 465, secret: mail }
        slack: { authorizationSecret: slack, webhookSecret: slack-hook }
        webhook: { secret: hook }
        alertmanager: { url: "http://alertmanager.monitoring:9093" }
        training: { cronJob: { enabled: true, kind: autoencoder } }
        components: { metadata: { telemetry: { maxMessageBytes: "1048576" }, statestore: { timeout: 10s } } }
        gateway: { allowedHosts: [portal.example.com] }
        networkPolicy:
          limitEgress: true
          monitoringNamespace: monitoring
          gatewayFrom: [{ namespaceSelector: { matchLabels: { name: ingress } } }]
          ingestionFrom: [{ ipBlock: { cidr: 10.0.0.0/8 } }]
          egress: [{ to: [{ ipBlock: { cidr: 10.1.0.0/16 } }] }]
        defaults:
          podAnnotations: { example.com/owner: team }
          nodeSelector: { pool: forewarn }
          tolerations: [{ key: dedicated, operator: Exists }]
          affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: arch, operator: In, values: [amd64] }] }] } } }
          priorityClassName: high
        services:
          predictor: { autoscaling: { by: lag, min: 2, max: 12 }, env: { PREDICTOR__FALSEALARMSPERWEEK: "1" } }
          history: { autoscaling: { by: lag, min: 2, max: 4 }, secretEnv: { HISTORY__RETENTIONDAYS: { secret: odd, key: days } } }
          gateway: { autoscaling: { by: cpu } }
        """;

    /// <summary>Names of the profiles, for theories.</summary>
    public static readonly TheoryData<string> All = [.. Names];

    static IEnumerable<string> Names => ["small", "production", "everything"];

    public static async Task<IReadOnlyList<Manifest>> RenderAsync(string profile) => await _rendered.GetOrAdd(profile, RenderOnceAsync);

    static async Task<IReadOnlyList<Manifest>> RenderOnceAsync(string profile)
    {
        if (profile == "everything")
            return await WithAsync(Everything);
        return Read(await HelmRenderer.RunAsync(chart: null, Path.Combine(HelmRenderer.Chart, $"values-{profile}.yaml")));
    }

    /// <summary>Renders with values given as YAML.</summary>
    public static async Task<IReadOnlyList<Manifest>> WithAsync(string values) => Read(await TryAsync(values));

    /// <summary>Renders with values that may be refused.</summary>
    public static async Task<Rendered> TryAsync(string values, string? chart = null)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, values, TestContext.Current.CancellationToken);
            return await HelmRenderer.RunAsync(chart, file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    static IReadOnlyList<Manifest> Read(Rendered rendered)
    {
        rendered.Exit.ShouldBe(0, rendered.Error);
        return Manifest.ReadAll(rendered.Output);
    }
}
