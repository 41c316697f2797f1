using Forewarn.Contracts;

namespace Forewarn.SystemTests;

/// <summary>Ten thousand detections at once are one incident or one storm, and a handful of messages.</summary>
[Collection("2 floods")]
public sealed class FloodTests(ITestOutputHelper output)
{
    const int Flood = 10_000;
    const int Handful = 15;

    [Fact]
    public async Task On_one_entity_they_are_one_incident_and_on_as_many_entities_one_storm()
    {
        await using var world = await AlertingPlatform.StartAsync();

        await world.Door.PublishAsync(Enumerable.Range(0, Flood).Select(i => AlertingPlatform.Told("flooded", i)));
        var one = await OpenedAsync(world, incident => incident.Entity == "flooded");
        one.ShouldHaveSingleItem().Storm.ShouldBeFalse();
        var messages = world.Hooks.Hooks.Count;
        output.WriteLine($"{Flood} detections on one entity: {messages} messages");
        messages.ShouldBeInRange(1, Handful);

        await world.Door.PublishAsync(Enumerable.Range(0, Flood).Select(i => AlertingPlatform.Told($"host-{i}")));
        var many = await OpenedAsync(world, incident => incident.Entity != "flooded");
        many.ShouldHaveSingleItem().Storm.ShouldBeTrue();
        (many[0].SymptomCount + 1).ShouldBeInRange(Flood * 97 / 100, Flood * 103 / 100);
        output.WriteLine($"{Flood} detections on as many entities: {world.Hooks.Hooks.Count - messages} messages, {many[0].SymptomCount + 1} counted");
        (world.Hooks.Hooks.Count - messages).ShouldBeInRange(1, Handful);
    }

    /// <summary>Once all was taken in: the last revision of an incident counts what it holds.</summary>
    static async Task<IReadOnlyList<IncidentEvent>> OpenedAsync(AlertingPlatform world, Func<IncidentEvent, bool> which)
    {
        IReadOnlyList<IncidentEvent> opened = [];
        await Eventually.Async("all are taken in", TimeSpan.FromMinutes(2), async () =>
        {
            opened = [.. (await world.Platform.IncidentsAsync()).Where(which)];
            return opened.Sum(incident => incident.Count) >= Flood;
        }, world.Platform.Logs);
        return opened;
    }
}
