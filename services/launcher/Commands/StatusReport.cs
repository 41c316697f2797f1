using System.Text.Json;
using System.Text.Json.Serialization;
using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Commands;

/// <summary>The answer of <c>status --json</c>.</summary>
sealed record StatusReport
{
    public required bool Running { get; init; }
    public string? Dashboard { get; init; }
    public string? Ingest { get; init; }
    public string? Data { get; init; }

    /// <summary>The sidecars' admin page: apps, queues, dead letters.</summary>
    public string? Sidecar { get; init; }
    public IReadOnlyList<ServiceReport> Services { get; init; } = [];

    // As the gateway's /api/status has them; null when it does not answer.
    public JsonElement? SamplesPerSecond { get; init; }
    public JsonElement? LoopLatencyMs { get; init; }
    public JsonElement? AlertLatencyMs { get; init; }
    public JsonElement? Model { get; init; }
    public JsonElement? Storage { get; init; }
    public JsonElement? OpenIncidents { get; init; }

    [JsonIgnore]
    public bool Healthy => Running && Services.All(service => service.Health == "healthy");

    /// <summary>Joins what the launcher wrote, what the system says and what the services answer.</summary>
    public static async Task<StatusReport> CollectAsync(RunState? state, CancellationToken cancellationToken)
    {
        if (state is null || !state.Launcher.IsAlive)
            return new StatusReport { Running = false };
        using var gateway = new GatewayClient(state.Dashboard);
        var platform = await gateway.TryGetAsync("api/status", cancellationToken);
        var services = await Task.WhenAll(state.Services.Select(service => ReportAsync(service, platform, cancellationToken)));
        return new StatusReport
        {
            Running = true,
            Dashboard = state.Dashboard,
            Ingest = state.Ingest,
            Data = state.Data,
            Sidecar = state.Sidecar,
            Services = services,
            SamplesPerSecond = Member(platform, "samplesPerSecond"),
            LoopLatencyMs = Member(platform, "loopLatencyMs"),
            AlertLatencyMs = Member(platform, "alertLatencyMs"),
            Model = Member(platform, "model"),
            Storage = Member(platform, "storage"),
            OpenIncidents = Member(platform, "openIncidents"),
        };
    }

    static async Task<ServiceReport> ReportAsync(RunningService service, JsonElement? platform, CancellationToken cancellationToken)
    {
        var state = JsonNamingPolicy.CamelCase.ConvertName(service.State.ToString());
        var report = new ServiceReport(service.Name, service.Replica, state, service.Process?.Pid, "healthy", service.Restarts);
        if (service.Process is not { IsAlive: true })
            return report with { Health = "down", Detail = "it is not running" };
        if (service.AppPort == 0)
            return service.State == ProcessState.Ready ? report : report with { Health = "degraded", Detail = "it does not answer yet" };
        if (await ReadinessProbe.NotReadyBecauseAsync(service.AppPort, cancellationToken) is { } reason)
            return report with { Health = "degraded", Detail = reason };
        return service.Replica == 0 && GatewayView(service.Name, platform) is { } seen ? report with { Health = seen.Health, Detail = seen.Detail } : report;
    }

    /// <summary>What the gateway says about a service where it is not content with it: the service may answer and still not do its work.</summary>
    static (string Health, string? Detail)? GatewayView(string name, JsonElement? platform)
    {
        if (Member(platform, "services") is not { ValueKind: JsonValueKind.Array } services)
            return null;
        foreach (var one in services.EnumerateArray())
        {
            if (Text(one, "name") == name && Text(one, "health") is { } health && health != "healthy")
                return (health, Text(one, "detail"));
        }
        return null;
    }

    static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } present && present.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;
}

/// <param name="State">What the launcher sees: <c>starting</c>, <c>ready</c>, <c>restarting</c>, <c>stopped</c>.</param>
/// <param name="Health">What the service answers: <c>healthy</c>, <c>degraded</c>, <c>down</c>.</param>
/// <param name="Restarts">How often it ended by itself in this run.</param>
sealed record ServiceReport(string Name, int Replica, string State, int? Pid, string Health, int Restarts, string? Detail = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StatusReport))]
sealed partial class StatusJson : JsonSerializerContext;
