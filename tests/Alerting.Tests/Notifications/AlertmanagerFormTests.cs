using System.Text.Json;
using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests;

/// <summary>Incidents in the words of Prometheus and Alertmanager.</summary>
public sealed class AlertmanagerFormTests
{
    const string Url = "https://watch.example.com";

    public static TheoryData<DetectionKind> Kinds => [.. Enum.GetValues<DetectionKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_a_name_that_Alertmanager_takes_and_the_name_first_told_stays(DetectionKind kind)
    {
        var incident = Samples.Incident() with { Kind = kind };

        var labels = AlertLabels.Of(incident, name: null);
        labels["alertname"].ShouldBe($"Forewarn{kind}");
        labels.Keys.ShouldAllBe(key => !char.IsAsciiDigit(key[0]) && key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'));
        AlertLabels.Of(incident, "ForewarnSpike")["alertname"].ShouldBe("ForewarnSpike");
    }

    [Fact]
    public void What_changes_while_it_lives_changes_no_label_but_severity()
    {
        var before = AlertLabels.Of(Samples.Incident(), name: null);
        var after = AlertLabels.Of(
            Samples.Rich() with { Kind = DetectionKind.Spike, Summary = "other", Status = IncidentStatus.Acknowledged, Assignee = "Ada", Count = 99, Storm = false, Revision = 7 }, before["alertname"]);

        AlertLabels.AreSame(before, after).ShouldBeTrue();
        AlertLabels.AreSame(before, AlertLabels.Of(Samples.Incident() with { Severity = IncidentSeverity.Info }, before["alertname"])).ShouldBeFalse();
    }

    [Fact]
    public void An_alert_of_another_system_keeps_its_name_and_labels_and_cannot_hide_what_we_say()
    {
        var incident = Samples.Incident() with
        {
            Kind = DetectionKind.External,
            Labels = new Dictionary<string, string> { ["alertname"] = "DiskFull", ["instance"] = "db-1:9100", ["source"] = "elsewhere", ["severity"] = "page", ["9lives"] = "x", ["empty"] = "" },
        };

        var labels = AlertLabels.Of(incident, name: null);
        (labels["alertname"], labels["instance"], labels["source"], labels["severity"], labels["entity"], labels["_9lives"]).ShouldBe(("DiskFull", "db-1:9100", "forewarn", "critical", "web-1", "x"));
        labels.ShouldNotContainKey("empty");
        AlertLabels.Of(Samples.Incident() with { Storm = true }, name: null)["alertname"].ShouldBe("ForewarnStorm");
    }

    [Fact]
    public void A_webhook_has_the_form_of_version_4_and_one_identity_for_the_whole_life()
    {
        var (opened, name) = Webhook(Samples.Rich(), name: null);
        var (resolved, _) = Webhook(
            Samples.Rich() with { Severity = IncidentSeverity.Warning, Kind = DetectionKind.Level, Status = IncidentStatus.Resolved, ResolvedAt = Samples.Start + 90_000 }, name, NotificationKind.Resolved);

        opened.EnumerateObject().Select(member => member.Name).ShouldBe(
            ["version", "groupKey", "truncatedAlerts", "status", "receiver", "groupLabels", "commonLabels", "commonAnnotations", "externalURL", "alerts"], ignoreOrder: true);
        var alert = opened.GetProperty("alerts")[0];
        alert.EnumerateObject().Select(member => member.Name).ShouldBe(["status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint"], ignoreOrder: true);
        (Text(opened, "version"), Text(opened, "status"), Text(opened, "receiver"), Text(opened, "externalURL")).ShouldBe(("4", "firing", "ops", Url));
        (Text(alert, "startsAt"), Text(alert, "endsAt")).ShouldBe(("2026-03-10T14:30:00.000Z", "0001-01-01T00:00:00Z"));

        var ended = resolved.GetProperty("alerts")[0];
        (Text(resolved, "status"), Text(ended, "status"), Text(ended, "endsAt")).ShouldBe(("resolved", "resolved", "2026-03-10T14:31:30.000Z"));
        (Text(resolved, "groupKey"), Text(ended, "fingerprint"), ended.GetProperty("labels").GetProperty("alertname").GetString()).ShouldBe((Text(opened, "groupKey"), Text(alert, "fingerprint"), name));
    }

    [Fact]
    public void Links_of_an_alert_are_in_every_form_and_none_that_is_not_of_the_web()
    {
        var notification = Samples.Tell(Samples.Incident() with
        {
            Kind = DetectionKind.External,
            Links = new Dictionary<string, string> { ["runbook"] = "https://runbooks.example.com/disk", ["source"] = "javascript:alert(1)" },
        });
        var explanation = Explanation.Of(notification, Url);

        string[] forms =
        [
            ConsoleText.Of(notification, Url), EmailHtml.Of(notification, explanation, null, []), SlackMessage.Of(notification, explanation, null, []).ToJsonString(),
            string.Join(' ', AlertmanagerAlert.Annotated(notification, explanation)),
        ];
        forms.ShouldAllBe(form => form.Contains("https://runbooks.example.com/disk", StringComparison.Ordinal) && !form.Contains("javascript:", StringComparison.Ordinal));
        using var body = JsonDocument.Parse(NotificationJson.Of(notification, [], Url));
        body.RootElement.GetProperty("links").EnumerateObject().Select(link => link.Name).ShouldBe(["chart", "incident", "runbook"], ignoreOrder: true);
    }

    [Fact]
    public void An_alert_does_not_end_before_it_starts()
    {
        var alert = AlertmanagerAlert.Of(Samples.Tell(Samples.Incident()), AlertLabels.Of(Samples.Incident(), null), Samples.Start - 5_000, Url);

        alert.EndsAt.ShouldBe(alert.StartsAt);
    }

    static (JsonElement Body, string Name) Webhook(IncidentEvent incident, string? name, NotificationKind kind = NotificationKind.Opened)
    {
        var (body, kept) = AlertmanagerWebhook.Of(Samples.Tell(incident, kind), name, Url);
        return (JsonDocument.Parse(body).RootElement, kept);
    }

    static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
