using Forewarn.Alerting.Routing;
using Forewarn.Contracts;
using Forewarn.Testing;

namespace Forewarn.Alerting.Tests.Routing;

public sealed class AlertConfigFileTests
{
    const string Sound = """
        receivers: [{ name: ops, console: true }]
        routes: [{ name: all, receivers: [ops] }]
        """;

    [Fact]
    public void The_example_of_the_documentation_is_read_as_it_says()
    {
        var path = Path.Combine(Checkout.Root, "docs", "alerting.example.yaml");

        var config = AlertConfigFile.Parse(File.ReadAllText(path), path);

        config.Receivers.Select(receiver => receiver.Name).ShouldBe(["everyone", "payments", "on-call", "archive"]);
        config.FindReceiver("payments")!.Targets.Select(target => target.Channel).ShouldBe(["email", "slack"]);
        config.FindReceiver("payments")!.Find("slack").ShouldBe(new SlackTarget("slack", "C0PAYMENTS"));
        config.FindReceiver("on-call")!.Find("webhook").ShouldBe(new WebhookTarget("webhook", "/forewarn", "FOREWARN_WEBHOOK_SECRET"));
        var mail = config.FindReceiver("on-call")!.Find("email").ShouldBeOfType<EmailTarget>();
        (mail.Binding, mail.From, mail.To[0], mail.Cc[0]).ShouldBe(("email", "forewarn@example.com", "on-call@example.com", "head-of-operations@example.com"));
        config.FindReceiver("archive")!.Find("binding").ShouldBeOfType<BindingTarget>().Metadata["folder"].ShouldBe("incidents");

        config.Routes.Select(route => route.Name).ShouldBe(["archive", "payments-critical", "payments", "forecasts", "rest"]);
        config.Routes[0].Continue.ShouldBeTrue();
        var critical = config.Routes[1];
        critical.Match.Labels["team"].ShouldBe("payments");
        critical.Match.Severity.ShouldBe([IncidentSeverity.Critical]);
        critical.Escalation.ShouldHaveSingleItem().After.ShouldBe(TimeSpan.FromMinutes(10));
        config.Routes[2].Hours!.Zone.Id.ShouldBe("Europe/Berlin");
        config.Routes[2].Limit.ShouldBe(new RateLimit(10, TimeSpan.FromHours(1)));
        config.Routes[3].Match.Kind.ShouldBe([DetectionKind.PredictedBreach, DetectionKind.Threshold]);
        config.Budgets.Select(budget => (budget.Name, budget.PerWeek)).ShouldBe([("payments", 2), ("rest", 5)]);
    }

    [Fact]
    public void Alertmanager_is_told_as_an_alert_or_gets_its_form_of_a_webhook()
    {
        const string yaml = """
            receivers:
              - name: ops
                alertmanager: { binding: alertmanager }
                webhook: { binding: webhook, format: alertmanager }
              - name: programs
                webhook: { binding: webhook, format: forewarn }
            routes: [{ name: all, match: { kind: external }, receivers: [ops, programs] }]
            """;

        var config = AlertConfigFile.Parse(yaml, "f");

        config.FindReceiver("ops")!.Targets.ShouldBe([new WebhookTarget("webhook", "", null) { Format = WebhookFormat.Alertmanager }, new AlertmanagerTarget("alertmanager")]);
        config.FindReceiver("programs")!.Find("webhook").ShouldBe(new WebhookTarget("webhook", "", null));
        config.Routes[0].Match.Kind.ShouldBe([DetectionKind.External]);
        BindingCheck.Warnings(config, new Dictionary<string, string> { ["webhook"] = "bindings.http", ["alertmanager"] = "bindings.smtp" })
            .ShouldHaveSingleItem().ShouldBe("receiver 'ops' sends by alertmanager through 'alertmanager', which is a bindings.smtp; it must be a bindings.http");
    }

    [Fact]
    public void All_mistakes_are_told_at_once_by_line_and_with_what_is_allowed()
    {
        const string yaml = """
            receivers:
              - name: ops
                console: yes please
              - name: ops
                slack: { binding: slack, conversation: "#general" }
                colour: red
              - name: mail
                email: { from: nobody, to: [a@example.com, "B <b@example.com>"] }
              - name: nothing
            routes:
              - name: night
                match: { severity: [critical, urgent], kind: cpu }
                hours: Mo-Fr 9-17
                zone: Mars/Olympus
                receivers: [ops, boss]
                limit: 10 per hour
                escalate: [{ after: 10, receivers: boss }, { receivers: [ops] }]
              - name: every thing
                receivers: []
                continue: maybe
            budgets:
              - { name: b, perWeek: 0, match: { severity: critical } }
            thresholds: []
            """;

        var mistakes = Should.Throw<AlertConfigException>(() => AlertConfigFile.Parse(yaml, "alerting.yaml")).Mistakes;

        mistakes.ShouldBe(
        [
            "alerting.yaml, line 3: receivers[0].console must be true; leave it out otherwise",
            "alerting.yaml, line 4: receivers[1].name 'ops' is there already; names are unique",
            "alerting.yaml, line 5: receivers[1].slack.conversation must be the id of a conversation, such as C0123ABCD, not '#general'",
            "alerting.yaml, line 6: receivers[1].colour is unknown. Known: alertmanager, binding, console, email, name, slack, webhook",
            "alerting.yaml, line 8: receivers[2].email.binding is missing",
            "alerting.yaml, line 8: receivers[2].email.from must be an address such as ops@example.com, not 'nobody'",
            "alerting.yaml, line 8: receivers[2].email.to[1] must be an address such as ops@example.com, not 'B <b@example.com>'",
            "alerting.yaml, line 9: receivers[3].name 'nothing' has no channel; give it one or more of console, email, slack, webhook, alertmanager, binding",
            "alerting.yaml, line 12: routes[0].match.severity[1] 'urgent' is unknown. Known: info, warning, critical",
            "alerting.yaml, line 12: routes[0].match.kind 'cpu' is unknown. Known: joint, spike, level, trend, variance, flat-line, silence, drop-to-zero, predicted-breach, data-quality, threshold, external",
            "alerting.yaml, line 13: routes[0].hours must be days and times such as Mon-Fri 09:00-17:00, Sat,Sun 00:00-24:00 or daily 22:00-06:00, not 'Mo-Fr 9-17'",
            "alerting.yaml, line 14: routes[0].zone 'Mars/Olympus' is no time zone of this machine; write it like Europe/Berlin or UTC",
            "alerting.yaml, line 15: routes[0].receivers[1] 'boss' is no receiver. There are: ops, mail, nothing",
            "alerting.yaml, line 16: routes[0].limit must be 1 to 1000 per 1m to 7d, such as '10 per 1h', not '10 per hour'",
            "alerting.yaml, line 17: routes[0].escalate[0].after must be a duration from 1m to 7d, such as 45s, 15m, 2h or 1d, not '10'",
            "alerting.yaml, line 17: routes[0].escalate[0].receivers 'boss' is no receiver. There are: ops, mail, nothing",
            "alerting.yaml, line 17: routes[0].escalate[1].after is missing",
            "alerting.yaml, line 18: routes[1].name must be 1 to 64 letters, digits, -, _ or ., not 'every thing'",
            "alerting.yaml, line 19: routes[1].receivers must name at least one receiver",
            "alerting.yaml, line 20: routes[1].continue must be true or false, not 'maybe'",
            "alerting.yaml, line 22: budgets[0].perWeek must be a number above 0 and at most 10000, not '0'",
            "alerting.yaml, line 22: budgets[0].match.severity is unknown. Known: entity, labels",
            "alerting.yaml, line 23: thresholds is unknown. Known: budgets, receivers, routes",
        ]);
    }

    [Theory]
    [InlineData("", "line 1: a mapping with 'receivers' and 'routes' is expected")]
    [InlineData("- a", "line 1: a mapping with 'receivers' and 'routes' is expected")]
    [InlineData("a: [", "While parsing a node")]
    [InlineData("receivers: 5\nroutes: 6", "line 2: routes must be a list of mappings")]
    [InlineData("routes: [{ name: all, receivers: ops }]", "line 1: receivers must have at least one receiver")]
    [InlineData("receivers: [{ name: ops, console: true }]\nroutes: []", "line 2: routes must have at least one route")]
    [InlineData("receivers: [{ name: ops, console: true }]\nreceivers: []", "line 2: ")]
    [InlineData("receivers: [{ name: ops, webhook: { binding: w, secretVariable: my-secret! } }]", "secretVariable must be the name of an environment variable")]
    [InlineData("receivers: [{ name: ops, webhook: { binding: w, format: slack } }]", "format must be forewarn or alertmanager, not 'slack'")]
    [InlineData("receivers: [{ name: ops, alertmanager: { binding: a, path: /x } }]", "path is unknown")]
    [InlineData("receivers: [{ name: ops, alertmanager: {} }]", "binding is missing")]
    public void What_is_no_configuration_says_why(string yaml, string expected) =>
        Should.Throw<AlertConfigException>(() => AlertConfigFile.Parse(yaml, "f")).Message.ShouldContain(expected);

    [Fact]
    public void What_would_never_be_looked_at_is_a_mistake()
    {
        const string yaml = Sound + """

            budgets: [{ name: all, perWeek: 5 }, { name: web, perWeek: 1, match: { entity: "web-*" } }]
            """;
        Should.Throw<AlertConfigException>(() => AlertConfigFile.Parse(yaml, "f")).Mistakes
            .ShouldBe(["f, line 3: budgets[1].name 'web' is never looked at, because 'all' before it takes everything; put it before"]);

        const string routes = """
            receivers: [{ name: ops, console: true }]
            routes:
              - { name: all, receivers: ops }
              - { name: late, receivers: ops }
            """;
        Should.Throw<AlertConfigException>(() => AlertConfigFile.Parse(routes, "f")).Mistakes
            .ShouldBe(["f, line 4: routes[1].name 'late' is never looked at, because 'all' before it takes everything; put it before, or let that one 'continue: true'"]);
        AlertConfigFile.Parse(routes.Replace("all, ", "all, continue: true, ", StringComparison.Ordinal), "f").Routes.Count.ShouldBe(2);
        AlertConfigFile.Parse(routes.Replace("all, ", "all, hours: daily 08:00-20:00, ", StringComparison.Ordinal), "f").Routes.Count.ShouldBe(2);
    }

    [Fact]
    public void A_file_that_would_end_a_recursive_reader_is_refused()
    {
        var deep = new string('[', 100_000);

        Should.Throw<AlertConfigException>(() => AlertConfigFile.Parse($"receivers: {deep}", "f")).Message.ShouldContain("nested more than 32 levels deep");
    }

    [Fact]
    public void Bindings_that_the_sidecar_lacks_or_has_of_another_type_are_told()
    {
        var config = AlertConfigFile.Parse(
            """
            receivers:
              - { name: a, console: true, email: { binding: mail, from: f@x.y, to: t@x.y }, slack: { binding: web } }
              - { name: b, webhook: { binding: gone }, binding: { binding: queue } }
            routes: [{ name: all, receivers: [a, b] }]
            """, "f");

        BindingCheck.Warnings(config, new Dictionary<string, string> { ["mail"] = "bindings.http", ["web"] = "bindings.http", ["queue"] = "pubsub.kafka" }).ShouldBe(
        [
            "receiver 'a' sends by email through 'mail', which is a bindings.http; it must be a bindings.smtp",
            "receiver 'b' sends by webhook through 'gone', which the sidecar does not have. It has: mail, web",
            "receiver 'b' sends by binding through 'queue', which is a pubsub.kafka; it must be a bindings",
        ]);
    }
}
