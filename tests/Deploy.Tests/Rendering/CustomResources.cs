using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Forewarn.Deploy.Tests;

/// <summary>
/// The custom resources of Dapr, KEDA and the Prometheus Operator as far as the chart may use them: Dapr's <c>pkg/apis</c> (components,
/// subscriptions, resiliency, configuration), KEDA's <c>apis/keda/v1alpha1</c>, <see cref="MonitoringResources"/>. No library of .NET has them.
/// </summary>
static class CustomResources
{
    public static readonly IReadOnlyDictionary<string, Type> Types = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["dapr.io/v1alpha1/Component"] = typeof(Component),
        ["dapr.io/v1alpha1/Resiliency"] = typeof(Resource<ResiliencySpec>),
        ["dapr.io/v1alpha1/Configuration"] = typeof(Resource<ConfigurationSpec>),
        ["dapr.io/v2alpha1/Subscription"] = typeof(Subscription),
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(Resource<ScaledObjectSpec>),
        ["keda.sh/v1alpha1/TriggerAuthentication"] = typeof(Resource<TriggerAuthenticationSpec>),
        ["monitoring.coreos.com/v1/PodMonitor"] = typeof(Resource<MonitoringResources.PodMonitorSpec>),
        ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(Resource<MonitoringResources.ServiceMonitorSpec>),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(Resource<MonitoringResources.PrometheusRuleSpec>),
    };

    internal sealed record Meta(
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("namespace")] string? Namespace = null,
        [property: JsonPropertyName("labels")] Dictionary<string, string>? Labels = null,
        [property: JsonPropertyName("annotations")] Dictionary<string, string>? Annotations = null);

    internal sealed record Resource<T>(
        [property: JsonPropertyName("apiVersion")] string ApiVersion, [property: JsonPropertyName("kind")] string Kind,
        [property: JsonPropertyName("metadata")] Meta Metadata, [property: JsonPropertyName("spec")] T Spec);

    internal sealed record Component(
        [property: JsonPropertyName("apiVersion")] string ApiVersion, [property: JsonPropertyName("kind")] string Kind,
        [property: JsonPropertyName("metadata")] Meta Metadata, [property: JsonPropertyName("spec")] ComponentSpec Spec,
        [property: JsonPropertyName("scopes")] string[]? Scopes = null, [property: JsonPropertyName("auth")] Auth? Auth = null);

    internal sealed record Auth([property: JsonPropertyName("secretStore")] string SecretStore);

    internal sealed record ComponentSpec(
        [property: JsonPropertyName("type")] string Type, [property: JsonPropertyName("version")] string Version,
        [property: JsonPropertyName("metadata")] Item[] Metadata,
        [property: JsonPropertyName("ignoreErrors")] bool? IgnoreErrors = null, [property: JsonPropertyName("initTimeout")] string? InitTimeout = null);

    internal sealed record Item(
        [property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("value")] string? Value = null,
        [property: JsonPropertyName("secretKeyRef")] SecretKey? SecretKeyRef = null);

    internal sealed record SecretKey([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("key")] string Key);

    internal sealed record Subscription(
        [property: JsonPropertyName("apiVersion")] string ApiVersion, [property: JsonPropertyName("kind")] string Kind,
        [property: JsonPropertyName("metadata")] Meta Metadata, [property: JsonPropertyName("spec")] SubscriptionSpec Spec,
        [property: JsonPropertyName("scopes")] string[]? Scopes = null);

    internal sealed record SubscriptionSpec(
        [property: JsonPropertyName("pubsubname")] string PubsubName, [property: JsonPropertyName("topic")] string Topic,
        [property: JsonPropertyName("routes")] JsonObject Routes, [property: JsonPropertyName("deadLetterTopic")] string? DeadLetterTopic = null,
        [property: JsonPropertyName("bulkSubscribe")] JsonObject? BulkSubscribe = null, [property: JsonPropertyName("metadata")] Dictionary<string, string>? Metadata = null);

    internal sealed record ResiliencySpec([property: JsonPropertyName("policies")] Policies Policies, [property: JsonPropertyName("targets")] Targets Targets);

    internal sealed record Policies(
        [property: JsonPropertyName("retries")] Dictionary<string, Retry>? Retries = null, [property: JsonPropertyName("timeouts")] Dictionary<string, string>? Timeouts = null,
        [property: JsonPropertyName("circuitBreakers")] Dictionary<string, JsonObject>? CircuitBreakers = null);

    internal sealed record Retry(
        [property: JsonPropertyName("policy")] string Policy, [property: JsonPropertyName("duration")] string? Duration = null,
        [property: JsonPropertyName("maxInterval")] string? MaxInterval = null, [property: JsonPropertyName("maxRetries")] int? MaxRetries = null,
        [property: JsonPropertyName("matching")] JsonObject? Matching = null);

    internal sealed record Targets(
        [property: JsonPropertyName("components")] Dictionary<string, Directions>? Components = null, [property: JsonPropertyName("apps")] Dictionary<string, Chosen>? Apps = null,
        [property: JsonPropertyName("actors")] Dictionary<string, JsonObject>? Actors = null);

    internal sealed record Directions([property: JsonPropertyName("inbound")] Chosen? Inbound = null, [property: JsonPropertyName("outbound")] Chosen? Outbound = null);

    internal sealed record Chosen(
        [property: JsonPropertyName("retry")] string? Retry = null, [property: JsonPropertyName("timeout")] string? Timeout = null,
        [property: JsonPropertyName("circuitBreaker")] string? CircuitBreaker = null);

    internal sealed record ConfigurationSpec(
        [property: JsonPropertyName("metrics")] JsonObject? Metrics = null, [property: JsonPropertyName("tracing")] Tracing? Tracing = null,
        [property: JsonPropertyName("logging")] JsonObject? Logging = null, [property: JsonPropertyName("features")] JsonArray? Features = null,
        [property: JsonPropertyName("mtls")] JsonObject? Mtls = null, [property: JsonPropertyName("accessControl")] JsonObject? AccessControl = null,
        [property: JsonPropertyName("api")] JsonObject? Api = null, [property: JsonPropertyName("secrets")] JsonObject? Secrets = null);

    internal sealed record Tracing([property: JsonPropertyName("samplingRate")] string SamplingRate, [property: JsonPropertyName("otel")] Otel? Otel = null);

    internal sealed record Otel(
        [property: JsonPropertyName("endpointAddress")] string EndpointAddress, [property: JsonPropertyName("isSecure")] bool IsSecure,
        [property: JsonPropertyName("protocol")] string Protocol);

    internal sealed record ScaledObjectSpec(
        [property: JsonPropertyName("scaleTargetRef")] ScaleTarget ScaleTargetRef, [property: JsonPropertyName("minReplicaCount")] int MinReplicaCount,
        [property: JsonPropertyName("maxReplicaCount")] int MaxReplicaCount, [property: JsonPropertyName("triggers")] Trigger[] Triggers,
        [property: JsonPropertyName("pollingInterval")] int? PollingInterval = null, [property: JsonPropertyName("cooldownPeriod")] int? CooldownPeriod = null,
        [property: JsonPropertyName("advanced")] Advanced? Advanced = null);

    internal sealed record ScaleTarget([property: JsonPropertyName("name")] string Name);

    internal sealed record Advanced([property: JsonPropertyName("horizontalPodAutoscalerConfig")] AutoscalerConfig HorizontalPodAutoscalerConfig);

    internal sealed record AutoscalerConfig([property: JsonPropertyName("behavior")] k8s.Models.V2HorizontalPodAutoscalerBehavior Behavior);

    internal sealed record Trigger(
        [property: JsonPropertyName("type")] string Type, [property: JsonPropertyName("metadata")] KafkaTrigger Metadata,
        [property: JsonPropertyName("authenticationRef")] ScaleTarget? AuthenticationRef = null);

    internal sealed record KafkaTrigger(
        [property: JsonPropertyName("bootstrapServers")] string BootstrapServers, [property: JsonPropertyName("consumerGroup")] string ConsumerGroup,
        [property: JsonPropertyName("topic")] string Topic, [property: JsonPropertyName("lagThreshold")] string LagThreshold,
        [property: JsonPropertyName("offsetResetPolicy")] string OffsetResetPolicy, [property: JsonPropertyName("sasl")] string? Sasl = null,
        [property: JsonPropertyName("tls")] string? Tls = null);

    internal sealed record TriggerAuthenticationSpec([property: JsonPropertyName("secretTargetRef")] SecretTarget[] SecretTargetRef);

    internal sealed record SecretTarget(
        [property: JsonPropertyName("parameter")] string Parameter, [property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("key")] string Key);
}
