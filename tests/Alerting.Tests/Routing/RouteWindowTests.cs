using CsCheck;
using Forewarn.Alerting.Notifications;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests.Routing;

public sealed class RouteWindowTests
{
    static readonly RateLimit TwoPerMinute = new(2, TimeSpan.FromMinutes(1));

    [Fact]
    public void Beyond_the_limit_incidents_are_held_back_until_there_is_room()
    {
        var window = new RouteWindow();

        (window, _) = Take(window, "a", 1_000).ShouldBeTold();
        (window, _) = Take(window, "b", 2_000).ShouldBeTold();
        (window, _) = Take(window, "c", 3_000).ShouldBeHeld();
        window.SummaryDueAt(TwoPerMinute).ShouldBe(61_000);
        Take(window, "d", 61_000).ShouldBeTold();
    }

    [Fact]
    public void Asked_again_for_an_incident_the_answer_stays()
    {
        var window = new RouteWindow();
        (window, _) = Take(window, "a", 1_000);
        (window, _) = Take(window, "b", 1_000);
        (window, _) = Take(window, "c", 1_000);

        Take(window, "a", 2_000).After.ShouldBeSameAs(window);
        Take(window, "a", 2_000).ShouldBeTold();
        Take(window, "c", 90_000).After.ShouldBeSameAs(window);
        Take(window, "c", 90_000).ShouldBeHeld();
        window.HeldCount.ShouldBe(1);
    }

    [Fact]
    public void Summaries_come_once_in_the_time_of_the_limit_at_most()
    {
        var window = new RouteWindow();
        foreach (var id in new[] { "a", "b", "c", "d" })
            (window, _) = Take(window, id, 1_000);
        window = window.Summarised(61_000);
        window.SummaryDueAt(TwoPerMinute).ShouldBeNull();

        foreach (var id in new[] { "e", "f", "g" })
            (window, _) = Take(window, id, 62_000);
        window.HeldCount.ShouldBe(1);
        window.SummaryDueAt(TwoPerMinute).ShouldBe(122_000);
    }

    [Fact]
    public void The_summary_says_how_many_and_names_the_worst_with_the_same_id_however_often_it_is_made()
    {
        var window = new RouteWindow();
        (window, _) = Take(window, "a", 1_000);
        (window, _) = Take(window, "b", 1_000);
        for (var i = 0; i < 5; i++)
            (window, _) = window.Take(new HeldIncident($"h{i}", $"web-{i}", i == 4 ? IncidentSeverity.Critical : IncidentSeverity.Info, "is slow"), TwoPerMinute, 2_000);
        var route = RoutingSamples.Route("ops", "mail", "chat") with { Limit = TwoPerMinute };

        var notices = HeldBackNotice.Of(route, window, 61_000);

        notices.Select(notice => notice.Receiver).ShouldBe(["mail", "chat"]);
        notices[0].Incident.Summary.ShouldBe(
            "5 more incidents were held back by the limit of route ops (2 per 1m): web-4: is slow; web-0: is slow; web-1: is slow; and others, which the dashboard lists");
        notices[0].Incident.Severity.ShouldBe(IncidentSeverity.Critical);
        notices[0].Kind.ShouldBe(NotificationKind.Opened);
        HeldBackNotice.Of(route, window, 99_000).Select(notice => notice.Id).ShouldBe(notices.Select(notice => notice.Id));
        HeldBackNotice.Of(route, window.Summarised(61_000), 99_000)[0].Id.ShouldNotBe(notices[0].Id);
    }

    [Fact]
    public void No_window_of_the_limits_length_ever_has_more_and_nothing_is_lost()
    {
        var step = Gen.Select(Gen.Int[0, 25_000], Gen.Int[0, 40]);

        Gen.Select(Gen.Int[1, 4], step.Array[1, 80]).Sample((count, steps) =>
        {
            var limit = new RateLimit(count, TimeSpan.FromMinutes(1));
            var (window, now) = (new RouteWindow(), 0L);
            var (told, answers) = (new List<long>(), new Dictionary<int, bool>());
            foreach (var (pause, id) in steps)
            {
                now += pause;
                var (after, isTold) = window.Take(new HeldIncident($"{id}", "e", IncidentSeverity.Info, ""), limit, now);
                if (after != window && isTold)
                    told.Add(now);
                if (after == window)
                    isTold.ShouldBe(answers[id]);
                answers[id] = isTold;
                window = after;
            }
            told.ShouldAllBe(at => told.Count(other => other > at - 60_000 && other <= at) <= count);
            window.HeldCount.ShouldBe(window.Held.Count);
        }, iter: 1_000);
    }

    static (RouteWindow After, bool IsTold) Take(RouteWindow window, string id, long now) =>
        window.Take(new HeldIncident(id, "web-1", IncidentSeverity.Warning, "cpu is busy"), TwoPerMinute, now);
}

static class RouteWindowAnswers
{
    public static (RouteWindow After, bool IsTold) ShouldBeTold(this (RouteWindow After, bool IsTold) answer)
    {
        answer.IsTold.ShouldBeTrue();
        return answer;
    }

    public static (RouteWindow After, bool IsTold) ShouldBeHeld(this (RouteWindow After, bool IsTold) answer)
    {
        answer.IsTold.ShouldBeFalse();
        return answer;
    }
}
