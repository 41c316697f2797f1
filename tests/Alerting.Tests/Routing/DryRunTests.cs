using Forewarn.Alerting.DryRuns;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;
using static Forewarn.Alerting.Tests.Routing.RoutingSamples;

namespace Forewarn.Alerting.Tests.Routing;

public sealed class DryRunTests
{
    const long Minute = 60_000;

    static readonly AlertConfig Rules = Config(
        Route("web", "ops") with { Match = new AlertMatch { Entity = "web-*" }, Limit = new RateLimit(2, TimeSpan.FromHours(1)), Escalation = [new EscalationStep(TimeSpan.FromMinutes(10), ["boss"])] },
        Route("db", "ops", "chat") with { Match = new AlertMatch { Entity = "db-*" } });

    [Fact]
    public void Nothing_happened_and_nothing_would_have_been_sent()
    {
        var result = DryRun.Of(Rules, [], [], 0, Now);

        result.Summary.ShouldBe("would have sent nothing");
        result.Incidents.ShouldBe(0);
        result.Routes.ShouldBe([new DryRunRoute("web", 0, 0), new DryRunRoute("db", 0, 0)]);
    }

    [Fact]
    public void It_says_how_many_would_have_gone_to_whom_with_limits_silences_and_escalation()
    {
        var silence = new SilenceInfo
        {
            Id = "s",
            Kind = SilenceKind.Silence,
            Match = new AlertMatch { Entity = "db-9" },
            From = Now,
            To = Now + (60 * Minute),
            Reason = "r",
            Who = "w",
            At = Now,
        };
        IncidentEvent[] past =
        [
            At("web-3", 5),
            At("web-1", 0, endedAfter: 5),
            At("web-2", 1) with { AcknowledgedAt = Now + (20 * Minute) },
            At("db-1", 2, endedAfter: 60),
            At("db-9", 3, endedAfter: 60),
            At("db-2", 4, endedAfter: 60) with { MutedBy = "gone" },
            At("mail-1", 6, endedAfter: 60),
        ];

        var result = DryRun.Of(Rules, past, [silence], Now - Minute, Now + (90 * Minute));

        result.Summary.ShouldBe("would have sent 5: 3 to ops, 1 to boss, 1 to chat");
        (result.Incidents, result.Told, result.HeldBack, result.Muted, result.Unrouted).ShouldBe((7, 3, 1, 2, 1));
        (result.Notifications, result.Escalations).ShouldBe((4, 1));
        result.Routes.ShouldBe([new DryRunRoute("web", 3, 1), new DryRunRoute("db", 1, 0)]);
        result.Receivers.ShouldBe([new DryRunReceiver("ops", 3, 0), new DryRunReceiver("boss", 0, 1), new DryRunReceiver("chat", 1, 0)]);
        result.Examples.Select(example => (example.Id, example.Outcome)).ShouldBe(
        [
            ("i-mail-1", DryRunOutcome.Unrouted), ("i-web-3", DryRunOutcome.HeldBack), ("i-db-2", DryRunOutcome.Muted), ("i-db-9", DryRunOutcome.Muted),
            ("i-db-1", DryRunOutcome.Told), ("i-web-2", DryRunOutcome.Told), ("i-web-1", DryRunOutcome.Told),
        ]);
    }

    [Theory]
    [InlineData(15, null, 1)]
    [InlineData(10, null, 0)]
    [InlineData(null, 5, 0)]
    [InlineData(null, 15, 1)]
    [InlineData(null, null, 1)]
    public void It_escalates_what_was_neither_acknowledged_nor_over(int? endedAfter, int? acknowledgedAfter, int escalations)
    {
        var incident = At("web-1", 0, endedAfter) with { AcknowledgedAt = acknowledgedAfter is { } minutes ? Now + (minutes * Minute) : null };

        DryRun.Of(Rules, [incident], [], Now - Minute, Now + (90 * Minute)).Escalations.ShouldBe(escalations);
    }

    static IncidentEvent At(string entity, int minute, int? endedAfter = null) => Incident(entity, openedAt: Now + (minute * Minute)) is var open && endedAfter is { } minutes
        ? open with { Status = IncidentStatus.Resolved, ResolvedAt = open.OpenedAt + (minutes * Minute) }
        : open;
}
