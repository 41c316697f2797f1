using System.Text.Json.Serialization;
using k8s.Models;

namespace Forewarn.Deploy.Tests;

/// <summary>The Prometheus Operator's <c>pkg/apis/monitoring/v1</c>, as far as the chart may use it.</summary>
static class MonitoringResources
{
    internal sealed record PodMonitorSpec(
        [property: JsonPropertyName("selector")] V1LabelSelector Selector, [property: JsonPropertyName("podMetricsEndpoints")] Endpoint[] PodMetricsEndpoints);

    internal sealed record ServiceMonitorSpec(
        [property: JsonPropertyName("selector")] V1LabelSelector Selector, [property: JsonPropertyName("endpoints")] Endpoint[] Endpoints);

    internal sealed record Endpoint(
        [property: JsonPropertyName("port")] string Port, [property: JsonPropertyName("interval")] string? Interval = null, [property: JsonPropertyName("path")] string? Path = null,
        [property: JsonPropertyName("authorization")] Authorization? Authorization = null, [property: JsonPropertyName("relabelings")] Relabeling[]? Relabelings = null);

    internal sealed record Authorization([property: JsonPropertyName("type")] string Type, [property: JsonPropertyName("credentials")] CustomResources.SecretKey Credentials);

    internal sealed record Relabeling(
        [property: JsonPropertyName("action")] string Action, [property: JsonPropertyName("targetLabel")] string? TargetLabel = null,
        [property: JsonPropertyName("replacement")] string? Replacement = null, [property: JsonPropertyName("regex")] string? Regex = null);

    internal sealed record PrometheusRuleSpec([property: JsonPropertyName("groups")] Group[] Groups);

    internal sealed record Group(
        [property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("rules")] Rule[] Rules, [property: JsonPropertyName("interval")] string? Interval = null,
        [property: JsonPropertyName("limit")] int? Limit = null, [property: JsonPropertyName("labels")] Dictionary<string, string>? Labels = null);

    internal sealed record Rule(
        [property: JsonPropertyName("expr")] string Expr, [property: JsonPropertyName("alert")] string? Alert = null, [property: JsonPropertyName("record")] string? Record = null,
        [property: JsonPropertyName("for")] string? For = null, [property: JsonPropertyName("keep_firing_for")] string? KeepFiringFor = null,
        [property: JsonPropertyName("labels")] Dictionary<string, string>? Labels = null, [property: JsonPropertyName("annotations")] Dictionary<string, string>? Annotations = null);
}
