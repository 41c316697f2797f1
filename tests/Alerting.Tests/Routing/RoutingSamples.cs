using Forewarn.Alerting.Routing;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests.Routing;

static class RoutingSamples
{
    /// <summary>A Wednesday at noon, UTC.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 3, 11, 12, 0, 0, TimeSpan.Zero);

    public static readonly long Now = Noon.ToUnixTimeMilliseconds();

    public static IncidentEvent Incident(
        string entity = "web-1", IncidentSeverity severity = IncidentSeverity.Warning, DetectionKind kind = DetectionKind.Joint, string? id = null, long? openedAt = null) => new()
        {
            Id = id ?? $"i-{entity}",
            Revision = 1,
            Fingerprint = "f",
            Entity = entity,
            Kind = kind,
            Status = IncidentStatus.Open,
            Severity = severity,
            Summary = "cpu is busy",
            StartedAt = openedAt ?? Now,
            OpenedAt = openedAt ?? Now,
            UpdatedAt = openedAt ?? Now,
            Count = 1,
        };

    public static Dictionary<string, string> Labels(string key, string value) => new(StringComparer.Ordinal) { [key] = value };

    public static Route Route(string name, params string[] receivers) => new() { Name = name, Receivers = receivers };

    public static AlertConfig Config(params Route[] routes) => new()
    {
        Receivers = [.. routes.SelectMany(route => route.Receivers.Concat(route.Escalation.SelectMany(step => step.Receivers))).Distinct().Select(name => new Receiver(name, [new ConsoleTarget()]))],
        Routes = routes,
    };
}
