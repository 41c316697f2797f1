using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Testing;
using Grpc.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.StreamProcessor.Tests;

/// <summary>From samples to detections of users' own rules, through the whole service.</summary>
public sealed class ThresholdPipelineTests : IDisposable
{
    static readonly Dictionary<string, string> Data = new(StringComparer.Ordinal) { ["system.filesystem.mountpoint"] = "/data" };

    readonly FakeDapr _dapr = new();
    readonly FakeTimeProvider _time = new(StreamRig.Start);
    readonly long _t0 = StreamRig.Start.ToUnixTimeMilliseconds();
    readonly string _path = Path.Combine(Path.GetTempPath(), $"forewarn-rules-{Guid.NewGuid():N}.yaml");
    readonly Dictionary<string, long> _seq = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> _seen = new(StringComparer.Ordinal);

    public ThresholdPipelineTests() => _dapr.Invoke = (_, path) => path.StartsWith("v1/entities", StringComparison.Ordinal)
        ? JsonSerializer.Serialize(
            new Page<EntityInfo>([.. _seen.Select(seen => new EntityInfo { Entity = seen.Key, Series = 1, FirstSeen = 0, LastSeen = seen.Value })]),
            ContractJson.Default.PageEntityInfo)
        : null;

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task A_full_disk_is_told_after_its_time_once_a_second_with_all_that_an_incident_needs()
    {
        await using var rig = Rig("rules: [{ name: disk-full, if: system.filesystem.utilization > 0.9, for: 1m, severity: critical }]");
        var schema = Know(SeriesColumn.Of("system.filesystem.utilization", "1", Data), SeriesColumn.Of("other", "1"));
        await SendAsync(rig, schema, 10, _ => [0.5, 1]);
        await SendAsync(rig, schema, 60, _ => [0.93, 1]);
        Told.ShouldBeEmpty();
        await SendAsync(rig, schema, 5, _ => [0.931, 1]);

        Told.Count.ShouldBe(5);
        var first = Told[0];
        (first.Kind, first.Cause, first.Severity, first.Entity, first.Ongoing).ShouldBe((DetectionKind.Threshold, "threshold:disk-full", IncidentSeverity.Critical, "web-1", false));
        (first.T - _t0, first.Since - _t0, first.StepMs).ShouldBe((70_000, 10_000, 1000));
        first.Summary.ShouldBe("system.filesystem.utilization on /data is 0.931, above 0.9 for 1 min (rule disk-full)");
        var contributor = first.Contributors.ShouldHaveSingleItem();
        (contributor.Name, contributor.Value, contributor.Low, contributor.High, contributor.Series).ShouldBe(("system.filesystem.utilization", 0.931, 0.9, 0.9, schema.Columns[0].Id));
        (first.Stamps.Received, first.Stamps.Detected).ShouldBe((first.T + 20, first.T));
        Told.Select(detection => detection.Id).ShouldBeUnique();
        Told.Select(detection => detection.T).ShouldBe(Enumerable.Range(70, 5).Select(second => _t0 + (second * 1000L)));
        _dapr.Published.Where(entry => entry.Topic == Topics.Detections).ShouldAllBe(entry => entry.Entry.Metadata["partitionKey"] == "web-1");

        await SendAsync(rig, schema, 5, _ => [0.9, 1]);
        Told.Count.ShouldBe(5, "the first value within the limit ends it");
    }

    [Fact]
    public async Task Between_limit_and_clear_it_goes_on_without_opening()
    {
        await using var rig = Rig("rules: [{ name: hot, if: a > 10, clear: '< 7' }]");
        var schema = Know(SeriesColumn.Of("a", "Cel"));
        double[] values = [9, 11, 8, 7, 6.9, 8, 12];
        await SendAsync(rig, schema, values.Length, i => [values[i]]);
        Told.Select(detection => ((detection.T - _t0) / 1000, detection.Ongoing)).ShouldBe([(1, false), (2, true), (3, true), (6, false)]);
        Told[0].Summary.ShouldBe("a is 11 Cel, above 10 (rule hot)");
        Told[1].Summary.ShouldBe("a is 8 Cel, not yet below 7 (rule hot)");
    }

    [Fact]
    public async Task Rates_and_means_look_back()
    {
        await using var rig = Rig("rules: [{ if: rate(app.errors) > 5, over: 10s }, { if: mean(app.load) < 2, over: 10s }]");
        var schema = Know(SeriesColumn.Of("app.errors", "{error}"), SeriesColumn.Of("app.load", "1"));
        await SendAsync(rig, schema, 30, i => [i * 2, 3]);
        Told.ShouldBeEmpty();
        await SendAsync(rig, schema, 12, i => [60 + (i * 8), 3]);
        Told.ShouldNotBeEmpty();
        Told.ShouldAllBe(detection => detection.Cause == "threshold:rate(app.errors) > 5");
        Told[^1].Summary.ShouldMatch(@"^rate of app\.errors over 10 s is 8/s, above 5 for \d s \(rule rate\(app\.errors\) > 5\)$");
        _dapr.ClearPublished();
        await SendAsync(rig, schema, 12, _ => [150, 0]);
        Told.ShouldContain(detection => detection.Summary.StartsWith("mean of app.load over 10 s is ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_rules_nothing_is_told_and_a_new_file_counts_without_a_restart()
    {
        await using var rig = Rig("rules: []");
        var schema = Know(SeriesColumn.Of("a", "1"));
        await SendAsync(rig, schema, 5, _ => [12]);
        Told.ShouldBeEmpty();
        await File.WriteAllTextAsync(_path, "rules: [{ if: a > 10 }]", TestContext.Current.CancellationToken);
        rig.Get<RuleBook>().Look();
        await SendAsync(rig, schema, 2, _ => [12]);
        Told.Count.ShouldBe(2);
        await File.WriteAllTextAsync(_path, "rules: []", TestContext.Current.CancellationToken);
        rig.Get<RuleBook>().Look();
        await SendAsync(rig, schema, 5, _ => [12]);
        Told.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_the_broker_refused_is_published_with_the_next_delivery_once()
    {
        await using var rig = Rig("rules: [{ if: a > 10 }]");
        var schema = Know(SeriesColumn.Of("a", "1"));
        _dapr.RefusePublish = topic => topic == Topics.Detections;
        var batch = StreamRig.Batch(schema, _seq["web-1"] = 1, rig.Now, [12]);
        await Should.ThrowAsync<RpcException>(() => rig.DeliverAsync(batch));
        _dapr.RefusePublish = _ => false;
        await rig.DeliverAsync(batch);
        Told.Count.ShouldBe(1);
        rig.Features().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_restart_goes_on_counting()
    {
        var schema = Know(SeriesColumn.Of("a", "1"));
        await using (var before = Rig("rules: [{ if: a > 10, for: 1m }]"))
        {
            await SendAsync(before, schema, 50, _ => [12]);
            await before.Checkpoints.StopAsync(TestContext.Current.CancellationToken);
        }
        await using var rig = Rig("rules: [{ if: a > 10, for: 1m }]");
        await SendAsync(rig, schema, 11, _ => [12]);
        var told = Told.ShouldHaveSingleItem();
        (told.T - _t0, told.Since - _t0).ShouldBe((60_000, 0));
    }

    [Fact]
    public async Task A_heartbeat_that_stops_while_its_entity_goes_on_is_missing()
    {
        await using var rig = Rig("rules: [{ name: beat, if: missing(app.heartbeat), for: 30s }]");
        var schema = Know(SeriesColumn.Of("app.heartbeat", "1"), SeriesColumn.Of("a", "1"));
        await SendAsync(rig, schema, 60, i => [i % 5 == 0 ? 1 : double.NaN, 1]);
        Told.ShouldBeEmpty();
        await SendAsync(rig, schema, 40, _ => [double.NaN, 1]);
        var first = Told[0];
        ((first.T - _t0) / 1000, (first.Since - _t0) / 1000).ShouldBe((85, 55));
        first.Summary.ShouldBe("app.heartbeat has not been measured for 30 s (rule beat)");
        Told.Count.ShouldBe(15);
        await SendAsync(rig, schema, 3, _ => [1, 1]);
        Told.Count.ShouldBe(15);
    }

    [Fact]
    public async Task A_heartbeat_of_an_entity_that_sends_nothing_is_missing_while_its_door_goes_on()
    {
        await using var rig = Rig("rules: [{ name: beat, if: missing(app.heartbeat), for: 30s, entity: 'web-1' }]");
        var schema = Know(SeriesColumn.Of("app.heartbeat", "1"));
        await SendAsync(rig, schema, 60, _ => [1], "web-1", "web-2");
        await SendAsync(rig, schema, 60, _ => [1], "web-2");
        Told.Select(detection => detection.Entity).Distinct().ShouldBe(["web-1"]);
        ((Told[0].T - _t0) / 1000).ShouldBe(89);
        Told.Count.ShouldBe(4, "every 10 s");
        Told.Select(detection => detection.Id).ShouldBeUnique();
        await SendAsync(rig, schema, 10, _ => [1], "web-1", "web-2");
        Told.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Nothing_is_missing_when_the_whole_door_stops_or_another_replica_has_the_entity()
    {
        await using var rig = Rig("rules: [{ if: missing(app.heartbeat), for: 30s }]");
        var schema = Know(SeriesColumn.Of("app.heartbeat", "1"));
        await SendAsync(rig, schema, 60, _ => [1], "web-1", "web-2");
        await SendAsync(rig, schema, 60, _ => [1], entities: []);
        await SendAsync(rig, schema, 60, _ => [1], "web-1", "web-2");
        await SendAsync(rig, schema, 60, _ => [1], () => _seen["web-1"] = _time.GetUtcNow().ToUnixTimeMilliseconds(), "web-2");
        Told.ShouldBeEmpty();
    }

    [Fact]
    public async Task Readiness_says_how_the_file_is_and_stays_ready()
    {
        await using var rig = Rig("rules: [{ if: a > 10 }]");
        await File.WriteAllTextAsync(_path, "rules: [{ if: a }]", TestContext.Current.CancellationToken);
        rig.Get<RuleBook>().Look();
        (await rig.Get<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Status.ShouldBe(HealthStatus.Healthy);
        rig.Get<RuleBook>().Note.ShouldNotBeNull().ShouldContain("line 1: rules[0].if 'a' needs >");
    }

    IReadOnlyList<Detection> Told => _dapr.Messages(Topics.Detections, ContractJson.Default.Detection);

    StreamRig Rig(string rules)
    {
        File.WriteAllText(_path, rules);
        return new StreamRig(_dapr, _time, $"--StreamProcessor:ThresholdsFile={_path}");
    }

    SeriesSchema Know(params SeriesColumn[] columns)
    {
        var schema = SeriesSchema.Of(columns);
        _dapr.State[$"{Components.Schemas}/{schema.Hash}"] = (JsonSerializer.SerializeToUtf8Bytes(schema, ContractJson.Default.SeriesSchema), "1");
        return schema;
    }

    Task SendAsync(StreamRig rig, SeriesSchema schema, int seconds, Func<int, double[]> values) => SendAsync(rig, schema, seconds, values, static () => { }, "web-1");

    Task SendAsync(StreamRig rig, SeriesSchema schema, int seconds, Func<int, double[]> values, params string[] entities) =>
        SendAsync(rig, schema, seconds, values, static () => { }, entities);

    async Task SendAsync(StreamRig rig, SeriesSchema schema, int seconds, Func<int, double[]> values, Action eachSecond, params string[] entities)
    {
        var monitor = rig.Hosted<MissingMonitor>();
        for (var i = 0; i < seconds; i++)
        {
            foreach (var entity in entities)
            {
                _seq[entity] = _seq.GetValueOrDefault(entity) + 1;
                await rig.DeliverAsync(StreamRig.Batch(schema, _seq[entity], rig.Now, values(i), entity));
                _seen[entity] = rig.Now;
            }
            eachSecond();
            await monitor.CheckAsync(TestContext.Current.CancellationToken);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
