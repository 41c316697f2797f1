using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.StreamProcessor.Tests;

public sealed class SilenceTests
{
    readonly FakeDapr _dapr = new();
    readonly FakeTimeProvider _time = new(StreamRig.Start);
    readonly Dictionary<string, long> _lastSeen = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> _seq = new(StringComparer.Ordinal);

    public SilenceTests() => _dapr.Invoke = (_, path) => path.StartsWith("v1/entities", StringComparison.Ordinal)
        ? JsonSerializer.Serialize(
            new Page<EntityInfo>([.. _lastSeen.Select(seen => new EntityInfo { Entity = seen.Key, Series = 1, FirstSeen = 0, LastSeen = seen.Value })]),
            ContractJson.Default.PageEntityInfo)
        : null;

    [Fact]
    public async Task An_entity_that_stops_while_its_door_goes_on_is_silent_and_said_so_every_ten_seconds()
    {
        await using var rig = Rig();
        await RunAsync(rig, 70, "web-1", "web-2");
        (await RunAsync(rig, 2, "web-2")).ShouldBeEmpty();
        var detections = await RunAsync(rig, 30, "web-2");
        detections.Count.ShouldBe(3);
        detections.ShouldAllBe(detection => detection.Entity == "web-1" && detection.Kind == DetectionKind.Silence && detection.Cause == "silence");
        detections[0].Summary.ShouldBe("web-1 has sent nothing for 3 s; it usually reports every second");
        detections[0].Since.ShouldBe(StreamRig.Start.ToUnixTimeMilliseconds() + 69_000);
        detections.Select(detection => detection.Id).Distinct().Count().ShouldBe(3);
        _dapr.Messages(Topics.Detections, ContractJson.Default.Detection).Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_entity_that_comes_back_is_live_again()
    {
        await using var rig = Rig();
        await RunAsync(rig, 70, "web-1", "web-2");
        (await RunAsync(rig, 10, "web-2")).ShouldNotBeEmpty();
        (await RunAsync(rig, 20, "web-1", "web-2")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_is_silent_when_the_whole_door_stops()
    {
        await using var rig = Rig();
        await RunAsync(rig, 70, "web-1", "web-2");
        (await RunAsync(rig, 120)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_is_silent_while_the_stream_is_late()
    {
        await using var rig = Rig();
        await RunAsync(rig, 70, "web-1", "web-2");
        _time.Advance(TimeSpan.FromSeconds(60));
        (await RunAsync(rig, 30, lagMs: 60_000, "web-2")).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_entity_that_has_hardly_reported_is_not_missed()
    {
        await using var rig = Rig();
        await RunAsync(rig, 100, "web-2");
        await RunAsync(rig, 50, "web-1", "web-2");
        (await RunAsync(rig, 60, "web-2")).ShouldBeEmpty();
    }

    [Fact]
    public async Task By_default_an_entity_of_less_than_half_an_hour_is_not_missed()
    {
        await using var rig = new StreamRig(_dapr, _time);
        await RunAsync(rig, 1700, "web-1", "web-2");
        (await RunAsync(rig, 60, "web-2")).ShouldBeEmpty();
        await RunAsync(rig, 1810, "web-1", "web-2");
        (await RunAsync(rig, 60, "web-2")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_past_that_is_sent_at_once_counts_as_reported()
    {
        await using var rig = new StreamRig(_dapr, _time);
        var schema = StreamRig.Schema(_dapr, "a");
        foreach (var entity in new[] { "web-1", "web-2" })
        {
            var past = Enumerable.Range(0, 1800).Select(second => new MetricRow(rig.Now - 1_800_000 + (second * 1000L), [0.5])).ToArray();
            await rig.DeliverAsync(StreamRig.Batch(schema, _seq[entity] = 1, rig.Now, [0.5], entity) with { Rows = past });
        }
        await RunAsync(rig, 70, "web-1", "web-2");
        (await RunAsync(rig, 10, "web-2")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_entity_that_moved_to_another_replica_is_not_silent()
    {
        await using var rig = Rig();
        await RunAsync(rig, 70, "web-1", "web-2");
        var silent = await RunAsync(rig, 30, 0, () => _lastSeen["web-1"] = rig.Now, "web-2");
        silent.ShouldBeEmpty();
    }

    [Fact]
    public async Task Silence_ends_when_the_entity_is_gone()
    {
        await using var rig = Rig("--StreamProcessor:GoneAfterHours=1");
        await RunAsync(rig, 70, "web-1", "web-2");
        (await RunAsync(rig, 3600, "web-2")).ShouldNotBeEmpty();
        (await RunAsync(rig, 30, "web-2")).ShouldBeEmpty();
    }

    StreamRig Rig(params string[] options) => new(_dapr, _time, ["--StreamProcessor:SilenceAfterMinutes=0", .. options]);

    Task<List<Detection>> RunAsync(StreamRig rig, int seconds, params string[] entities) => RunAsync(rig, seconds, 0, static () => { }, entities);

    Task<List<Detection>> RunAsync(StreamRig rig, int seconds, int lagMs, params string[] entities) => RunAsync(rig, seconds, lagMs, static () => { }, entities);

    async Task<List<Detection>> RunAsync(StreamRig rig, int seconds, int lagMs, Action eachSecond, params string[] entities)
    {
        var schema = StreamRig.Schema(_dapr, "a");
        var found = new List<Detection>();
        for (var i = 0; i < seconds; i++)
        {
            foreach (var entity in entities)
            {
                var seq = _seq[entity] = _seq.GetValueOrDefault(entity) + 1;
                await rig.DeliverAsync(StreamRig.Batch(schema, seq, rig.Now - lagMs, [0.5], entity));
                _lastSeen[entity] = rig.Now - lagMs;
            }
            eachSecond();
            found.AddRange(await rig.Silence.CheckAsync(TestContext.Current.CancellationToken));
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        return found;
    }
}
