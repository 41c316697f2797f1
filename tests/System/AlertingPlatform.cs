using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.SystemTests;

/// <summary>A platform that watches nothing by itself and tells a webhook, and the way to give it detections.</summary>
sealed class AlertingPlatform : IAsyncDisposable
{
    readonly string _folder;

    AlertingPlatform(HookServer hooks, Platform platform, DetectionDoor door, string folder)
    {
        Hooks = hooks;
        Platform = platform;
        Door = door;
        _folder = folder;
    }

    public HookServer Hooks { get; }
    public Platform Platform { get; }
    public DetectionDoor Door { get; }

    /// <param name="stormAbove">Null = as configured by default.</param>
    public static async Task<AlertingPlatform> StartAsync(string? stormAbove = null)
    {
        var hooks = await HookServer.StartAsync();
        var folder = Directory.CreateTempSubdirectory("forewarn-alerting-").FullName;
        var config = Path.Combine(folder, "alerting.yaml");
        await File.WriteAllTextAsync(config, HookServer.EverythingHere);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["INGESTION__HOST__ENABLED"] = "false",
            ["SELFMETRICS__ENABLED"] = "false",
            ["ALERTING__CONFIGFILE"] = config,
            ["FOREWARN_WEBHOOK_URL"] = hooks.Url.ToString(),
        };
        if (stormAbove is not null)
            environment["ALERTING__STORMABOVE"] = stormAbove;
        var platform = await Platform.StartAsync(environment: environment);
        return new AlertingPlatform(hooks, platform, await DetectionDoor.OpenAsync(platform), folder);
    }

    /// <summary>Process of alerting; 0 while there is none.</summary>
    public async Task<int> AlertingAsync() => (await Platform.LocalStatusAsync()).GetProperty("services").EnumerateArray()
        .Where(service => service.GetProperty("name").GetString() == Apps.Alerting && service.TryGetProperty("pid", out var pid) && pid.ValueKind == JsonValueKind.Number)
        .Select(service => service.GetProperty("pid").GetInt32()).FirstOrDefault();

    /// <summary>Ids of the openings that arrived, by entity.</summary>
    public IReadOnlyDictionary<string, List<string>> Openings() => Hooks.Hooks.Select(IdsOf).Where(ids => ids.Kind == "opened")
        .GroupBy(ids => ids.Entity, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Select(ids => ids.Notification).ToList(), StringComparer.Ordinal);

    public static (string Entity, string Notification, string Kind) IdsOf(Hook hook)
    {
        using var body = JsonDocument.Parse(hook.Body);
        var root = body.RootElement;
        return (root.GetProperty("incident").GetProperty("entity").GetString()!, root.GetProperty("notification").GetString()!, root.GetProperty("kind").GetString()!);
    }

    /// <summary>Something strange on an entity, now.</summary>
    /// <param name="tick">Milliseconds later.</param>
    public static Detection Told(string entity, int tick = 0)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        return new Detection
        {
            Id = Detection.IdOf(entity, DetectionKind.Joint, "behaviour", 1000, now + tick),
            Entity = entity,
            Kind = DetectionKind.Joint,
            Cause = "behaviour",
            T = now + tick,
            Since = now,
            CadenceMs = 1000,
            Score = 0.9,
            P = 1e-5,
            Summary = $"{entity} is slow",
            Stamps = new Stamps { Received = now, Detected = now },
        };
    }

    public async ValueTask DisposeAsync()
    {
        Door.Dispose();
        await Platform.DisposeAsync();
        await Hooks.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
