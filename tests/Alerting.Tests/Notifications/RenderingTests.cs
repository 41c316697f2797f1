using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Forewarn.Alerting.Actions;
using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests;

public sealed partial class RenderingTests
{
    const string Url = "https://watch.example.com";
    const string Evil = "<script>alert(1)</script>&\"'<img src=https://evil.example/x.png> <!channel> <https://evil.example|web>";

    static readonly ActionLink[] Links =
    [
        new(LinkAction.Acknowledge, "Acknowledge", $"{Url}/act/a.b"),
        new(LinkAction.Snooze, "Snooze 1 h", $"{Url}/act/c.d"),
        new(LinkAction.FalseAlarm, "False alarm", $"{Url}/act/e.f"),
    ];

    [Fact]
    public void A_mail_needs_nothing_from_outside_and_no_script()
    {
        var html = Mail(Samples.Rich());

        html.ShouldNotContain("<script");
        html.ShouldNotContain("<img");
        html.ShouldNotContain("src=");
        html.ShouldNotContain("@import");
        html.ShouldNotContain("url(");
        Address().Matches(html).Select(match => match.Value).ShouldAllBe(address => address.StartsWith(Url, StringComparison.Ordinal));
        html.Length.ShouldBeLessThan(100_000, "longer ones are cut by some clients");
    }

    [Fact]
    public void A_mail_reads_as_text_in_the_order_of_what_matters()
    {
        var text = Blank().Replace(System.Net.WebUtility.HtmlDecode(Tag().Replace(Head().Replace(Mail(Samples.Rich()), ""), " ")), " ");
        string[] order =
        [
            "critical", "web-1", "system.cpu.utilization (user) at 97 %", "seen on 1 in 4,000 ticks", "Prediction", "reaches 100 % at 14:34:00 UTC", "over the last 10 min",
            "Normal at this hour", "7.54 GiB", "5.68 to 6.89 GiB", "Moved first", "db-1: system.disk.io_time", "Then", "and 7 more", "Open the chart", "Acknowledge",
            "Snooze 1 h", "False alarm", "Since 14:30:00 UTC", Samples.Rich().Id, "Sent to ops as n-",
        ];
        var at = 0;
        foreach (var words in order)
        {
            at = text.IndexOf(words, at, StringComparison.Ordinal);
            at.ShouldBeGreaterThanOrEqualTo(0, $"'{words}' in its place in: {text}");
        }
    }

    [Fact]
    public void What_comes_from_outside_is_text_and_never_markup()
    {
        var incident = Samples.Rich() with { Entity = Evil, Summary = Evil, ProbableCause = Evil };
        var html = Mail(incident);
        html.ShouldNotContain("<script");
        html.ShouldNotContain("<img");
        html.ShouldContain("&lt;script&gt;");

        var slack = Slack(incident).ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        foreach (var text in Texts(Slack(incident), "mrkdwn"))
            Brackets().Matches(text).Select(match => match.Value).ShouldAllBe(link => link.StartsWith($"<{Url}/", StringComparison.Ordinal));
        slack.ShouldContain("&lt;!channel&gt;");
    }

    [Fact]
    public void A_Slack_message_stays_within_what_Slack_takes_however_long_its_parts()
    {
        var endless = string.Concat(Enumerable.Repeat("<&😀", 5_000));
        var incident = Samples.Rich() with
        {
            Entity = endless,
            Summary = endless,
            ProbableCause = endless,
            Contributors = [.. Enumerable.Range(0, 40).Select(i => Samples.Series($"{endless}{i}", "1", 1, 0, 1))],
            Symptoms = [.. Samples.Rich().Symptoms.Select(symptom => symptom with { Summary = endless })],
        };

        var message = Slack(incident);
        var blocks = message["blocks"]!.AsArray();

        blocks.Count.ShouldBeLessThanOrEqualTo(50);
        Texts(message, "mrkdwn").ShouldAllBe(text => text.Length <= 3000);
        blocks[0]!["text"]!["text"]!.GetValue<string>().Length.ShouldBeLessThanOrEqualTo(150);
        foreach (var fields in blocks.Select(block => block!["fields"]).OfType<JsonArray>())
        {
            fields.Count.ShouldBeLessThanOrEqualTo(10);
            fields.ShouldAllBe(field => field!["text"]!.GetValue<string>().Length <= 2000);
        }
        foreach (var button in blocks.Single(block => block!["type"]!.GetValue<string>() == "actions")!["elements"]!.AsArray())
            button!["url"]!.GetValue<string>().Length.ShouldBeLessThanOrEqualTo(3000);
        Texts(message, "mrkdwn").ShouldAllBe(text => !HalfEscape().IsMatch(text) && !EndsInHalfACharacter(text));
    }

    [Fact]
    public void Buttons_of_a_Slack_message_lead_to_the_pages_and_the_chart()
    {
        var message = Slack(Samples.Rich());
        var buttons = message["blocks"]!.AsArray().Single(block => block!["type"]!.GetValue<string>() == "actions")!["elements"]!.AsArray();

        buttons.Select(button => button!["url"]!.GetValue<string>()).ShouldBe(
            [$"{Url}/act/a.b", $"{Url}/act/c.d", $"{Url}/act/e.f", $"{Url}/?entity=web-1&at={Samples.Start}"]);
        message["text"]!.GetValue<string>().ShouldContain("web-1: critical");
        message.ToJsonString().ShouldContain(Samples.Tell(Samples.Rich()).Id);
    }

    [Fact]
    public void The_JSON_for_programs_says_all_and_leaves_the_scored_row_out()
    {
        var notification = Samples.Tell(Samples.Rich());
        using var body = JsonDocument.Parse(NotificationJson.Of(notification, Links, Url));
        var root = body.RootElement;

        root.GetProperty("v").GetInt32().ShouldBe(1);
        root.GetProperty("notification").GetString().ShouldBe(notification.Id);
        root.GetProperty("kind").GetString().ShouldBe("opened");
        root.GetProperty("at").GetInt64().ShouldBe(notification.At);
        root.GetProperty("links").EnumerateObject().Select(link => link.Name).ShouldBe(["chart", "incident", "acknowledge", "snooze", "false-alarm"]);
        var incident = JsonSerializer.Deserialize(root.GetProperty("incident"), ContractJson.Default.IncidentEvent)!;
        incident.Id.ShouldBe(notification.Incident.Id);
        incident.Prediction.ShouldBe(notification.Incident.Prediction);
        incident.Features.ShouldBeEmpty();
    }

    [Fact]
    public void A_trend_keeps_its_gaps_and_its_spike()
    {
        var trend = Samples.Trend();
        trend.ToBlocks().Length.ShouldBe(60);
        trend.ToBlocks().Count(c => c == ' ').ShouldBe(2);
        trend.ToBlocks()[^1].ShouldBe('█');
        trend.Caption.ShouldBe("system.cpu.utilization (user) over the last 10 min: 3 to 96 %, last 96 %");

        var spike = new double[600];
        spike[123] = 5;
        var range = new RangeResult
        {
            Entity = "e",
            StepMs = 1000,
            T = [.. Enumerable.Range(0, 600).Select(i => i * 1000L)],
            Series = [new RangeSeries { Id = "0", Name = "n", Unit = "1", Labels = new Dictionary<string, string>(), Mean = spike }],
        };
        Trend.Of(range, 30)!.ToBlocks().Count(c => c == '█').ShouldBe(1);
        Trend.Of(range with { Series = [range.Series[0] with { Mean = new double[600] }] }, 30)!.Heights().ShouldAllBe(height => height == 0.5);
        Trend.Of(range with { Series = [] }, 30).ShouldBeNull();
    }

    static string Mail(IncidentEvent incident) => EmailHtml.Of(Samples.Tell(incident), Explanation.Of(Samples.Tell(incident), Url), Samples.Trend(), Links);

    static JsonObject Slack(IncidentEvent incident) => SlackMessage.Of(Samples.Tell(incident), Explanation.Of(Samples.Tell(incident), Url), Samples.Trend(30), Links);

    static IEnumerable<string> Texts(JsonNode node, string type) => node switch
    {
        JsonObject text when text["type"] is JsonValue value && value.GetValue<string>() == type => [text["text"]!.GetValue<string>()],
        JsonObject parent => parent.Where(child => child.Value is not null).SelectMany(child => Texts(child.Value!, type)),
        JsonArray list => list.Where(child => child is not null).SelectMany(child => Texts(child!, type)),
        _ => [],
    };

    static bool EndsInHalfACharacter(string text) => text.Length > 1 && text[^1] == '…' && char.IsHighSurrogate(text[^2]);

    [GeneratedRegex("https?://[^\"<> ]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();

    [GeneratedRegex("<head>.*</head>", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Head();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blank();

    [GeneratedRegex("<[^>]*>?", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Brackets();

    [GeneratedRegex("&(?!amp;|lt;|gt;)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HalfEscape();
}
