using Forewarn.Alerting.Incidents;
using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests;

public sealed class ConsoleTextTests
{
    const string Url = "http://127.0.0.1:7700";

    [Fact]
    public void An_opening_begins_with_ALERT_says_why_and_carries_its_id()
    {
        var incident = Incident.Observed(null, Incident.At(0), 0)!.Incident;
        var notification = Samples.Tell(incident);

        var lines = Lines(notification);

        lines[0].ShouldBe($"ALERT warning web-1: cpu is busy; 1 in 100,000 [{incident.Id}]");
        lines[1..].ShouldAllBe(line => line.StartsWith("  · ", StringComparison.Ordinal));
        lines[^1].ShouldContain($"{Url}/?entity=web-1&at={incident.StartedAt} ({notification.Id})");
    }

    [Fact]
    public void Details_name_the_other_series_who_moved_first_and_what_is_ahead() => Lines(Samples.Tell(Samples.Rich()))[1..].ShouldBe(
    [
        "  · system.memory.usage 7.54 GiB, normally 5.68 to 6.89 GiB",
        "  · http.server.request.duration (/checkout) 2.4 s, normally 180 to 260 ms",
        "  · moved first: db-1: system.disk.io_time at 98 %, 12 s before web-1 and 14 s before web-2",
        "  · web-1: http.server.request.duration (/checkout) at 2.4 s (after 12 s)",
        "  · web-2: http.server.request.duration (/checkout) at 2.1 s (after 14 s)",
        "  · and 7 more",
        "  · system.memory.utilization reaches 100 % at 14:34:00 UTC, in about 4 min (80 % sure between 14:33:00 UTC and 14:36:00 UTC); 93 % likely within the hour",
        $"  · since 14:30:00 UTC: {Url}/?entity=web-1&at={Samples.Start} ({Samples.Tell(Samples.Rich()).Id})",
    ]);

    [Theory]
    [InlineData(NotificationKind.Worsened, "ALERT critical web-1: worse than before, ")]
    [InlineData(NotificationKind.Escalated, "ALERT critical web-1: nobody has acknowledged it for ")]
    [InlineData(NotificationKind.Resolved, "RESOLVED web-1: after 1.5 min, system.cpu.utilization (user) at 97 %")]
    public void The_first_word_says_what_happened(NotificationKind kind, string beginning) =>
        Lines(Samples.Tell(Samples.Incident() with { ResolvedAt = Samples.Start + 90_000 }, kind))[0].ShouldStartWith(beginning);

    [Theory]
    [InlineData(PredictionOutcome.Confirmed, "ALERT critical web-1: system.memory.utilization hit 100 %")]
    [InlineData(PredictionOutcome.Averted, "SETTLED web-1: system.memory.utilization did not reach 100 %")]
    public void A_settled_prediction_is_an_alert_only_if_it_came_true(PredictionOutcome outcome, string beginning) =>
        Lines(Samples.Tell(Samples.Incident() with { Prediction = Samples.Prediction(outcome) }, NotificationKind.Settled))[0].ShouldStartWith(beginning);

    [Fact]
    public void A_name_from_outside_can_neither_forge_a_line_nor_move_the_terminal()
    {
        var text = ConsoleText.Of(Samples.Tell(Samples.Incident("evil\nRESOLVED web-2\u001b[2J") with { ProbableCause = "a\rb" }), Url);

        text.ShouldNotContain("\u001b");
        text.ShouldNotContain("\r");
        text.Split('\n').Count(line => line.StartsWith("RESOLVED", StringComparison.Ordinal)).ShouldBe(0);
    }

    static string[] Lines(Notification notification) => ConsoleText.Of(notification, Url).Split('\n');
}
