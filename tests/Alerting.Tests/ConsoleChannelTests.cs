using Forewarn.Alerting.Incidents;
using Forewarn.Alerting.Notifications;

namespace Forewarn.Alerting.Tests;

public sealed class ConsoleChannelTests
{
    [Fact]
    public void An_opening_is_one_line_that_starts_with_ALERT_and_says_why()
    {
        var incident = Incident.Observed(null, Incident.At(0), 0)!.Incident;

        var line = ConsoleChannel.Line(incident, NotificationKind.Opened);

        line.ShouldBe($"ALERT warning web-1: cpu is busy [{incident.Id}]");
    }

    [Fact]
    public void The_end_says_how_long_it_lasted()
    {
        var open = Incident.Observed(null, Incident.At(0), Incident.Start)!;
        var resolved = IncidentMachine.Elapse(open, 1_800_000_090_000, new AlertingOptions()).Incident;

        ConsoleChannel.Line(resolved, NotificationKind.Resolved).ShouldStartWith("RESOLVED web-1: after 1.5 min, cpu is busy");
    }
}
