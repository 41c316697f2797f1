using System.Text;

namespace Forewarn.Ingestion.Tests;

/// <summary>What alerts may look like, and what is said of those that do not.</summary>
public sealed class AlertReaderTests
{
    /// <summary>2026-11-28T12:00:00Z.</summary>
    const long Received = 1_795_867_200_000;

    [Theory]
    [InlineData("", "$", "is not valid JSON")]
    [InlineData("[", "$", "is not valid JSON")]
    [InlineData("\u00ff", "$", "is not valid JSON")]
    [InlineData("{}", "$", "must be an array of alerts, not an object")]
    [InlineData("null", "$", "must be an array of alerts, not null")]
    [InlineData("[1]", "$[0]", "must be an object, not a number")]
    [InlineData("[{}]", "$[0].labels", "must hold at least one label")]
    [InlineData("""[{"labels":{}}]""", "$[0].labels", "must hold at least one label")]
    [InlineData("""[{"labels":{"alertname":""}}]""", "$[0].labels", "must hold at least one label")]
    [InlineData("""[{"labels":[]}]""", "$[0].labels", "must be an object of strings, not an array")]
    [InlineData("""[{"labels":{"a":1}}]""", "$[0].labels.a", "must be a string")]
    [InlineData("""[{"labels":{"a b":null}}]""", "$[0].labels.a?b", "must be a string")]
    [InlineData("""[{"labels":{"a":"\ud800"}}]""", "$[0].labels.a", "must be a string of valid Unicode")]
    [InlineData("""[{"labels":{"\ud800":"a"}}]""", "$[0].labels.", "must be a string of valid Unicode")]
    [InlineData("""[{"labels":{"a":"b"},"\ud800":1}]""", "$[0]", "holds a name that is not valid Unicode")]
    [InlineData("""[{"labels":{"a":"b"},"annotations":"x"}]""", "$[0].annotations", "must be an object of strings, not a string")]
    [InlineData("""[{"labels":{"a":"b"},"startsAt":5}]""", "$[0].startsAt", "must be a time")]
    [InlineData("""[{"labels":{"a":"b"},"startsAt":"yesterday"}]""", "$[0].startsAt", "must be a time")]
    [InlineData("""[{"labels":{"a":"b"},"startsAt":"2026\ud800"}]""", "$[0].startsAt", "must be a time")]
    [InlineData("""[{"labels":{"a":"b"},"startsAt":"2026-11-28T13:00:01Z"}]""", "$[0].startsAt", "more than an hour ahead")]
    [InlineData("""[{"labels":{"a":"b"},"startsAt":"1999-01-01T00:00:00Z"}]""", "$[0].startsAt", "before the year 2000")]
    [InlineData("""[{"labels":{"a":"b"},"startsAt":"2026-11-28T12:00:00Z","endsAt":"2026-11-28T11:59:59Z"}]""", "$[0].endsAt", "lies before startsAt")]
    public void What_is_no_alert_is_named(string body, string field, string reason)
    {
        var read = Read(body);

        read.Alerts.ShouldBeEmpty();
        (read.Refusal!.Status, read.Refusal.Field).ShouldBe((400, field));
        read.Refusal.Reason.ShouldContain(reason);
    }

    [Theory]
    [InlineData("[]", "$", "must be the object of a webhook, not an array")]
    [InlineData("{}", "$.alerts", "is missing")]
    [InlineData("""{"\ud800":1,"alerts":[]}""", "$", "holds a name that is not valid Unicode")]
    [InlineData("""{"alerts":{}}""", "$.alerts", "must be an array of alerts, not an object")]
    [InlineData("""{"version":"5","alerts":[]}""", "$.version", "must be \"4\"")]
    [InlineData("""{"version":4,"alerts":[]}""", "$.version", "must be \"4\"")]
    [InlineData("""{"version":"4","alerts":[{"labels":{"a":"b"}}]}""", "$.alerts[0].status", "must be firing or resolved")]
    [InlineData("""{"version":"4","alerts":[{"status":"pending","labels":{"a":"b"}}]}""", "$.alerts[0].status", "must be firing or resolved")]
    public void What_is_no_webhook_is_named(string body, string field, string reason)
    {
        var read = Read(body, AlertForm.Webhook);

        read.Alerts.ShouldBeEmpty();
        read.Refusal!.Field.ShouldBe(field);
        read.Refusal.Reason.ShouldContain(reason);
    }

    [Fact]
    public void Those_in_order_are_taken_and_the_first_that_is_not_is_named()
    {
        var read = Read("""[{"labels":{"alertname":"A"}},{"labels":{}},{"labels":{"alertname":"B"}},7]""");

        read.Alerts.Select(alert => alert.Label("alertname")).ShouldBe(["A", "B"]);
        (read.Refused, read.Refusal!.Field).ShouldBe((2, "$[1].labels"));
    }

    [Fact]
    public void More_alerts_labels_or_depth_than_anybody_needs_are_refused()
    {
        var many = string.Join(',', Enumerable.Repeat("""{"labels":{"a":"b"}}""", AlertReader.MostAlerts + 1));
        Read($"[{many}]").Refusal!.Reason.ShouldContain("at most 2000 alerts");
        Read($"[{many[..many.LastIndexOf(",{", StringComparison.Ordinal)]}]").Alerts.Count.ShouldBe(AlertReader.MostAlerts);

        var wide = string.Join(',', Enumerable.Range(0, AlertReader.MostLabels + 1).Select(i => $"\"l{i}\":\"x\""));
        Read($"[{{\"labels\":{{{wide}}}}}]").Refusal!.Reason.ShouldBe("may hold at most 64");
        Read(new string('[', 5_000)).Refusal!.Code.ShouldBe("syntax");
    }

    [Fact]
    public void Times_are_read_as_Go_writes_them_and_its_zero_means_not_said()
    {
        var alert = Read("""[{"labels":{"b":"2","a":"1","c":""},"startsAt":"2026-11-28T12:59:59.123456789+01:00","endsAt":"0001-01-01T00:00:00Z","generatorURL":"x","new":[{}]}]""").Alerts.ShouldHaveSingleItem();

        (alert.StartsAt, alert.EndsAt, alert.IsFiring).ShouldBe((Received - 877, null, null));
        alert.Labels.Select(label => label.Key).ShouldBe(["a", "b"]);
        Read("""[{"labels":{"a":"1"},"startsAt":null}]""").Alerts.ShouldHaveSingleItem().StartsAt.ShouldBeNull();
    }

    [Fact]
    public void A_webhook_of_Grafana_is_read_too()
    {
        var alert = Read(
            """
            {"receiver":"hook","status":"firing","orgId":1,"version":"1","truncatedAlerts":0,"alerts":[{"status":"firing","labels":{"alertname":"High memory usage","zone":"us-1"},
             "annotations":{"description":"The system has high memory usage"},"startsAt":"2026-11-28T09:51:03.157076+02:00","endsAt":"0001-01-01T00:00:00Z","fingerprint":"c6eadffa33fcdf37","values":null}]}
            """, AlertForm.Webhook).Alerts.ShouldHaveSingleItem();

        (alert.IsFiring, alert.Label("alertname")).ShouldBe((true, "High memory usage"));
    }

    static ReadAlerts Read(string body, AlertForm form = AlertForm.Api) => AlertReader.Read(body == "\u00ff" ? new byte[] { 0xff } : Encoding.UTF8.GetBytes(body), form, Received);
}
