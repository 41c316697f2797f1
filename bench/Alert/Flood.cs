using System.Diagnostics;
using System.Globalization;
using Forewarn.Contracts;
using Forewarn.Testing;

namespace Forewarn.Bench.Alert;

/// <summary>What became of many detections at once.</summary>
/// <param name="DrainedMs">From the first published to the last taken into an incident.</param>
sealed record FloodResult(int Entities, int Detections, double PublishMs, int Incidents, int Storms, int Messages, double FirstMessageMs, double DrainedMs);

/// <summary>Ten thousand detections at once: on one entity, then on as many.</summary>
static class Flood
{
    const int Detections = 10_000;
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Task<FloodResult> OfOneAsync(Platform platform, HookServer hooks) =>
        RunAsync(platform, hooks, "flood-one", entities: 1);

    public static Task<FloodResult> OfManyAsync(Platform platform, HookServer hooks) =>
        RunAsync(platform, hooks, "flood", Detections);

    static async Task<FloodResult> RunAsync(Platform platform, HookServer hooks, string prefix, int entities)
    {
        using var door = await DetectionDoor.OpenAsync(platform);
        var before = (Hooks: hooks.Hooks.Count, Known: (await platform.IncidentsAsync()).Select(incident => incident.Id).ToHashSet(StringComparer.Ordinal));
        var start = TimeProvider.System.GetUtcNow();
        var detections = Enumerable.Range(0, Detections).Select(i => Alert.Detections.Of(
            entities == 1 ? prefix : string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}"), start, tick: entities == 1 ? i : 0)).ToList();
        var clock = Stopwatch.StartNew();
        start = TimeProvider.System.GetUtcNow();
        await door.PublishAsync(detections);
        var published = clock.Elapsed;

        IReadOnlyList<IncidentEvent> opened = [];
        var drained = TimeSpan.Zero;
        await Eventually.Async("all detections are in incidents", Patience, async () =>
        {
            opened = [.. (await platform.IncidentsAsync()).Where(incident => !before.Known.Contains(incident.Id))];
            drained = clock.Elapsed;
            return opened.Sum(incident => incident.Count) >= Detections;
        }, platform.Logs);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var messages = hooks.Hooks.Skip(before.Hooks).ToList();
        return new FloodResult(
            entities, Detections, published.TotalMilliseconds, opened.Count, opened.Count(incident => incident.Storm), messages.Count,
            messages.Count == 0 ? double.PositiveInfinity : (messages[0].At - start).TotalMilliseconds, drained.TotalMilliseconds);
    }
}
