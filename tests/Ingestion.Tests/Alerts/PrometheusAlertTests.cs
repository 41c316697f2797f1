using DevSidecar;
using Forewarn.Contracts;
using Forewarn.Testing;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Ingestion.Tests;

/// <summary>Debian's Prometheus takes the door for an Alertmanager.</summary>
public sealed class PrometheusAlertTests
{
    const string Rules = """
        groups:
          - name: tests
            interval: 1s
            rules:
              - alert: QueueLong
                expr: queue_length > 10
                labels: {severity: critical, team: payments}
                annotations: {summary: 'the queue of {{ $labels.instance }} is {{ $value }} long'}
        """;

    [Fact]
    public async Task A_rule_that_fires_is_told_again_and_again_with_its_end_ahead_and_then_as_over()
    {
        var length = 17;
        await using var target = await HookServer.StartAsync((_, context) => context.Response.WriteAsync($"# TYPE queue_length gauge\nqueue_length {Volatile.Read(ref length)}\n"));
        await using var ingestion = await RunningIngestion.StartAsync();
        await using var prometheus = await RealProgram.StartAsync(
            "prometheus",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["prometheus.yml"] = Configuration(ingestion.Http.BaseAddress!, target.Url), ["rules.yml"] = Rules },
            "--config.file=prometheus.yml", "--storage.tsdb.path=data", $"--web.listen-address=127.0.0.1:{FreePorts.Next()}", "--rules.alert.resend-delay=1s");

        await Eventually.TrueAsync(() => AlertPrograms.Detections(ingestion).Count >= 3, "it is told three times");
        var firing = AlertPrograms.Detections(ingestion);
        firing.ShouldAllBe(detection => detection.HoldsUntil > detection.T && detection.Severity == IncidentSeverity.Critical && detection.Labels["team"] == "payments");
        firing.Select(detection => detection.Since).Distinct().ShouldHaveSingleItem("it is one occurrence");
        firing.Select(detection => detection.Cause).Distinct().ShouldHaveSingleItem().ShouldStartWith("alert:QueueLong:");
        firing[0].Summary.ShouldBe($"the queue of {target.Url.Authority} is 17 long");
        firing[0].Entity.ShouldBe(target.Url.Authority);
        firing[0].Links["source"].ShouldContain("/graph?g0.expr=queue_length");
        await Eventually.TrueAsync(() => ingestion.Sidecar.Raw.Any(batch => batch.Entity == firing[0].Entity), "the same Prometheus' metrics belong to the same entity");

        Volatile.Write(ref length, 3);
        await Eventually.TrueAsync(() => AlertPrograms.Detections(ingestion).Any(detection => detection.IsOver), "it is told as over");
        AlertPrograms.Detections(ingestion).Last(detection => detection.IsOver).Cause.ShouldBe(firing[0].Cause);
    }

    static string Configuration(Uri door, Uri target) => $$"""
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: [rules.yml]
        scrape_configs:
          - job_name: queue
            static_configs: [{targets: ['{{target.Authority}}']}]
        remote_write:
          - url: {{door}}api/v1/write
        alerting:
          alertmanagers:
            - static_configs: [{targets: ['{{door.Authority}}']}]
        """;
}
