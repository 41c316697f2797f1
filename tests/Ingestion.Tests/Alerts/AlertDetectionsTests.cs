using CsCheck;
using Forewarn.Contracts;

namespace Forewarn.Ingestion.Tests;

/// <summary>What an alert becomes.</summary>
public sealed class AlertDetectionsTests
{
    const long Now = 1_800_000_000_000;
    const long Minute = 60_000;

    static readonly AlertOptions Options = new();
    static readonly string[] EntityNames = ["entity", "instance", "host", "hostname", "server", "service", "job", "node", "pod"];

    [Fact]
    public void An_alert_that_fires_holds_until_its_end_and_one_that_has_ended_is_over()
    {
        var firing = Of(Alert() with { StartsAt = Now - Minute, EndsAt = Now + (4 * Minute) });
        (firing.Kind, firing.Entity, firing.Severity, firing.T, firing.Since, firing.HoldsUntil, firing.IsOver, firing.Ongoing).ShouldBe(
            (DetectionKind.External, "web-1:9100", IncidentSeverity.Critical, Now, Now - Minute, Now + (4 * Minute), false, false));
        (firing.Stamps.Received, firing.Labels["team"]).ShouldBe((Now, "payments"));

        var over = Of(Alert() with { StartsAt = Now - Minute, EndsAt = Now - 1 });
        (over.IsOver, over.Cause).ShouldBe((true, firing.Cause));
        over.Id.ShouldNotBe(firing.Id);
    }

    [Fact]
    public void Without_an_end_it_holds_as_long_as_its_sender_may_be_silent()
    {
        Of(Alert()).HoldsUntil.ShouldBe(Now + (5 * Minute));
        Of(Alert() with { IsFiring = true, EndsAt = Now - Minute }).HoldsUntil.ShouldBe(Now + (24 * 60 * Minute), "a webhook says by its status what it is");
        Of(Alert() with { IsFiring = false, EndsAt = Now + Minute }).IsOver.ShouldBeTrue();
        Of(Alert() with { EndsAt = Now + (400L * 24 * 60 * Minute) }).HoldsUntil.ShouldBe(Now + (31L * 24 * 60 * Minute));
        Of(Alert() with { StartsAt = Now + Minute, EndsAt = Now + (2 * Minute) }).Since.ShouldBe(Now);
        AlertDetections.Of(Alert() with { IsFiring = true }, Now, new AlertOptions { WebhookHoldHours = 2 }).HoldsUntil.ShouldBe(Now + (120 * Minute));
    }

    [Theory]
    [InlineData("critical", IncidentSeverity.Critical)]
    [InlineData("Page", IncidentSeverity.Critical)]
    [InlineData("warning", IncidentSeverity.Warning)]
    [InlineData("info", IncidentSeverity.Info)]
    [InlineData("none", IncidentSeverity.Info)]
    [InlineData("P1", IncidentSeverity.Warning)]
    [InlineData(null, IncidentSeverity.Warning)]
    public void Severity_follows_the_label(string? label, IncidentSeverity severity) =>
        Of(Labelled([("alertname", "A"), .. label is null ? Array.Empty<(string, string)>() : [("severity", label)]])).Severity.ShouldBe(severity);

    [Theory]
    [InlineData("summary", "web-1 is\n  down\t\u202enow", "web-1 is down now")]
    [InlineData("description", "it is down", "it is down")]
    [InlineData("message", "it is down", "it is down")]
    [InlineData("runbook_url", "https://runbooks/x", "Down: instance=web-1:9100, job=node, team=payments")]
    [InlineData("summary", " \n ", "Down: instance=web-1:9100, job=node, team=payments")]
    public void The_sentence_is_what_the_alert_says_of_itself(string annotation, string text, string expected) =>
        Of(Alert() with { Annotations = new Dictionary<string, string> { [annotation] = text } }).Summary.ShouldBe(expected);

    [Fact]
    public void A_sentence_without_end_is_cut_between_characters()
    {
        var summary = Of(Alert() with { Annotations = new Dictionary<string, string> { ["summary"] = "a" + string.Concat(Enumerable.Repeat("😀", 400)) } }).Summary;

        summary.Length.ShouldBeLessThanOrEqualTo(AlertDetections.MaxSummary);
        summary.ShouldEndWith("😀…");
    }

    [Fact]
    public void The_cause_is_the_name_and_all_labels_whatever_their_order()
    {
        var cause = Of(Alert()).Cause;
        cause.ShouldStartWith("alert:Down:");
        Of(Labelled(("team", "payments"), ("severity", "critical"), ("job", "node"), ("instance", "web-1:9100"), ("alertname", "Down"))).Cause.ShouldBe(cause);
        Of(Labelled(("alertname", "Down"), ("instance", "web-1:9100"))).Cause.ShouldNotBe(cause);
        Of(Labelled(("alertname", "böse \n name"))).Cause.ShouldStartWith("alert:b_se___name:");
        Of(Labelled(("a", "b"))).Cause.ShouldStartWith("alert:");
    }

    [Fact]
    public void Labels_of_configuration_name_the_entity_first()
    {
        var options = new AlertOptions { EntityLabels = ["pod", "node"] };
        AlertDetections.Of(Labelled(("alertname", "A"), ("instance", "10.0.0.1:8080"), ("node", "node-7"), ("pod", "shop-1")), Now, options).Entity.ShouldBe("shop-1");
        AlertDetections.Of(Labelled(("alertname", "A"), ("instance", "10.0.0.1:8080"), ("job", "kube")), Now, options).Entity.ShouldBe("prometheus/kube");
    }

    [Fact]
    public void Links_are_addresses_of_the_web_and_nothing_else()
    {
        var alert = Alert() with
        {
            Annotations = new Dictionary<string, string> { ["runbook_url"] = "https://runbooks.example.com/disk full", ["dashboard_url"] = "javascript:alert(1)" },
            GeneratorUrl = "http://prometheus:9090/graph?g0.expr=up",
        };
        Of(alert).Links.ShouldBe(new Dictionary<string, string> { ["runbook"] = "https://runbooks.example.com/disk%20full", ["source"] = "http://prometheus:9090/graph?g0.expr=up" }, ignoreOrder: true);
        Of(alert with { Annotations = new Dictionary<string, string> { ["runbook"] = "https://r/" + new string('a', 1000) }, GeneratorUrl = "/graph" }).Links.ShouldBeEmpty();
    }

    [Fact]
    public void Our_own_alerts_are_known_again()
    {
        AlertDetections.IsOurs(Labelled(("alertname", "ForewarnJoint"), ("source", "forewarn"))).ShouldBeTrue();
        AlertDetections.IsOurs(Labelled(("alertname", "ForewarnJoint"), ("source", "elsewhere"))).ShouldBeFalse();
    }

    [Fact]
    public void An_alert_belongs_to_the_entity_that_a_series_with_the_same_labels_makes() => Gen.Select(Gen.Bool.Array[EntityNames.Length], Gen.String[1, 20], (has, value) => (has, value)).Sample(pair =>
    {
        var labels = EntityNames.Where((_, at) => pair.has[at]).Select(name => KeyValuePair.Create(name, $"{name}{pair.value}")).ToList();
        var series = PromSeries.Of([.. labels, KeyValuePair.Create("__name__", "up")], PromType.Unknown, "").Series!;

        Of(new SentAlert([KeyValuePair.Create("alertname", "A"), .. labels], new Dictionary<string, string>(), null, null, null)).Entity.ShouldBe(series.Entity);
    }, iter: 2_000, seed: "0N0XIzNsQ0O2");

    static Detection Of(SentAlert alert) => AlertDetections.Of(alert, Now, Options);

    static SentAlert Alert() => Labelled(("alertname", "Down"), ("instance", "web-1:9100"), ("job", "node"), ("severity", "critical"), ("team", "payments"));

    static SentAlert Labelled(params (string Key, string Value)[] labels) => new(
        [.. labels.Select(label => KeyValuePair.Create(label.Key, label.Value)).OrderBy(label => label.Key, StringComparer.Ordinal)], new Dictionary<string, string>(), null, null, null);
}
