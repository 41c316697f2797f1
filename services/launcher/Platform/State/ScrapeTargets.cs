using System.Text.Json;
using System.Text.Json.Serialization;

namespace Forewarn.Launcher.Platform;

/// <summary>Addresses and what Prometheus shall label their series with; an element of its <c>file_sd_configs</c>.</summary>
sealed record ScrapeGroup(IReadOnlyList<string> Targets, IReadOnlyDictionary<string, string> Labels);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<ScrapeGroup>))]
sealed partial class ScrapeTargetsJson : JsonSerializerContext;

/// <summary>
/// <c>run/prometheus.json</c> in the data directory: where Prometheus finds this run, whose ports are new each time, under the jobs that
/// boards and rules know.
/// </summary>
sealed class ScrapeTargets(string dataDirectory)
{
    public string FullName { get; } = Path.Combine(dataDirectory, "run", "prometheus.json");

    public void Write(IEnumerable<AppPlan> apps, PublicPorts ports)
    {
        var plans = apps.ToList();
        IReadOnlyList<ScrapeGroup> groups =
        [
            // Verdicts: every replica of the gateway knows all of them.
            Group("forewarn", [ports.Gateway]),
            // What services measure of themselves, with OTEL_METRICS_EXPORTER=prometheus.
            Group("forewarn-services", plans.Select(plan => plan.AppPort)),
            Group("dapr", plans.Select(plan => plan.SidecarHttpPort)),
        ];
        var draft = FullName + ".new";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(groups, ScrapeTargetsJson.Default.IReadOnlyListScrapeGroup));
        File.Move(draft, FullName, overwrite: true);
    }

    public void Delete() => File.Delete(FullName);

    static ScrapeGroup Group(string job, IEnumerable<int> ports) => new(
        [.. ports.Select(port => FormattableString.Invariant($"127.0.0.1:{port}"))], new Dictionary<string, string>(StringComparer.Ordinal) { ["job"] = job });
}
