using System.Net.Http.Json;
using Forewarn.Testing;

namespace Forewarn.Ingestion.Tests;

/// <summary>Debian's Alertmanager sends its webhooks to the door.</summary>
public sealed class AlertmanagerWebhookTests
{
    [Fact]
    public async Task What_it_tells_as_firing_holds_and_what_it_tells_as_resolved_is_over_and_ours_is_ignored()
    {
        await using var ingestion = await RunningIngestion.StartAsync();
        await using var alertmanager = await AlertmanagerProgram.TryStartAsync($$"""
            route: { receiver: forewarn, group_by: [alertname], group_wait: 0s, group_interval: 1s }
            receivers:
            - name: forewarn
              webhook_configs: [{ url: {{ingestion.Http.BaseAddress}}api/alertmanager }]
            """);
        Assert.SkipWhen(alertmanager is null, "prometheus-alertmanager is not installed, and this machine has no Debian packages");
        var since = TimeProvider.System.GetUtcNow().AddMinutes(-2);

        await PostAsync(alertmanager, since, null, "forewarn");
        await PostAsync(alertmanager, since, null, "tests");
        await Eventually.TrueAsync(() => AlertPrograms.Detections(ingestion).Count > 0, "it fires");
        var firing = AlertPrograms.Detections(ingestion)[0];
        (firing.Entity, firing.Summary, firing.Since, firing.HoldsUntil - firing.T).ShouldBe(("db-1", "the disk of db-1 is full", since.ToUnixTimeMilliseconds(), 24 * 3_600_000L));

        await PostAsync(alertmanager, since, TimeProvider.System.GetUtcNow(), "tests");
        await Eventually.TrueAsync(() => AlertPrograms.Detections(ingestion).Any(detection => detection.IsOver), "it is over");
        AlertPrograms.Detections(ingestion).ShouldAllBe(detection => detection.Cause == firing.Cause);
        alertmanager.Said.ShouldNotContain("err=");
    }

    static async Task PostAsync(AlertmanagerProgram alertmanager, DateTimeOffset startsAt, DateTimeOffset? endsAt, string source)
    {
        var alert = new
        {
            labels = new { alertname = "DiskFull", host = "db-1", severity = "warning", source },
            annotations = new { summary = "the disk of db-1 is full" },
            startsAt,
            endsAt = endsAt ?? TimeProvider.System.GetUtcNow().AddHours(1),
        };
        using var response = await alertmanager.Http.PostAsJsonAsync("/api/v2/alerts", new[] { alert }, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
