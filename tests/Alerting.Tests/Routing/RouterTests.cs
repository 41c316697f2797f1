using CsCheck;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;
using static Forewarn.Alerting.Tests.Routing.RoutingSamples;

namespace Forewarn.Alerting.Tests.Routing;

public sealed class RouterTests
{
    [Fact]
    public void The_first_route_that_matches_holds_and_those_after_it_only_where_it_says_so()
    {
        var config = Config(
            Route("none", "n") with { Match = new AlertMatch { Entity = "db-*" } },
            Route("archive", "a") with { Continue = true },
            Route("web", "w", "a") with { Match = new AlertMatch { Entity = "web-*" } },
            Route("rest", "r"));

        var plan = Router.PlanFor(config, Incident(), Noon);

        plan.Routes.ShouldBe(["archive", "web"]);
        plan.Receivers.ShouldBe(["a", "w"]);
        Router.PlanFor(config, Incident("mail-1"), Noon).Routes.ShouldBe(["archive", "rest"]);
    }

    [Fact]
    public void Without_a_route_nobody_is_told()
    {
        var plan = Router.PlanFor(Config(Route("db", "d") with { Match = new AlertMatch { Entity = "db-*" } }), Incident(), Noon);

        (plan.Routes.Count, plan.Receivers.Count, plan.Escalation.Count).ShouldBe((0, 0, 0));
    }

    [Fact]
    public void The_standard_tells_the_console_of_everything()
    {
        Router.PlanFor(AlertConfig.Standard, Incident(severity: IncidentSeverity.Info), Noon).Receivers.ShouldBe(["console"]);
        AlertConfig.Standard.FindReceiver("console")!.Find("console").ShouldNotBeNull();
    }

    [Fact]
    public void Escalation_of_several_routes_is_one_ladder_on_which_nobody_is_told_twice()
    {
        var config = Config(
            Route("one", "ops") with { Continue = true, Escalation = [Step(30, "boss", "ops"), Step(10, "lead")] },
            Route("two", "chat") with { Escalation = [Step(10, "lead", "second"), Step(60, "boss", "lead")] });

        var plan = Router.PlanFor(config, Incident(), Noon);

        plan.Receivers.ShouldBe(["ops", "chat"]);
        plan.Escalation.Select(step => (step.After.TotalMinutes, string.Join(',', step.Receivers))).ShouldBe([(10, "lead,second"), (30, "boss")]);
    }

    [Fact]
    public void A_route_that_is_held_back_tells_nobody_now_or_later_and_the_others_do()
    {
        var config = Config(
            Route("limited", "ops") with { Continue = true, Escalation = [Step(10, "boss")], Limit = new RateLimit(1, TimeSpan.FromHours(1)) },
            Route("rest", "chat"));

        var plan = Router.PlanFor(config, Incident(), Noon, ["limited"]);

        plan.Routes.ShouldBe(["limited", "rest"]);
        plan.HeldBack.ShouldBe(["limited"]);
        plan.Receivers.ShouldBe(["chat"]);
        plan.Escalation.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Mon-Fri 09:00-17:00", "UTC", "2026-03-11T09:00Z", true)]
    [InlineData("Mon-Fri 09:00-17:00", "UTC", "2026-03-11T17:00Z", false)]
    [InlineData("Mon-Fri 09:00-17:00", "UTC", "2026-03-14T12:00Z", false)]
    [InlineData("Mon-Fri 09:00-17:00", "Europe/Berlin", "2026-03-11T08:00Z", true)]
    [InlineData("Mon-Fri 09:00-17:00", "Europe/Berlin", "2026-07-08T07:00Z", true)]
    [InlineData("Mon-Fri 09:00-17:00", "Europe/Berlin", "2026-07-08T15:30Z", false)]
    [InlineData("Fri 22:00-06:00", "UTC", "2026-03-13T23:00Z", true)]
    [InlineData("Fri 22:00-06:00", "UTC", "2026-03-14T05:59Z", true)]
    [InlineData("Fri 22:00-06:00", "UTC", "2026-03-13T05:59Z", false)]
    [InlineData("Fri 22:00-06:00", "UTC", "2026-03-14T06:00Z", false)]
    [InlineData("Sat,Sun 00:00-24:00", "UTC", "2026-03-15T23:59Z", true)]
    [InlineData("Sat,Sun 00:00-24:00", "UTC", "2026-03-16T00:00Z", false)]
    [InlineData("Sat-Mon 10:00-11:00", "UTC", "2026-03-16T10:30Z", true)]
    [InlineData("daily 00:00-00:00", "UTC", "2026-03-16T00:00Z", true)]
    public void Hours_follow_the_clock_of_their_zone(string hours, string zone, string at, bool included)
    {
        var parsed = HoursText.Parse(hours, TimeZoneInfo.FindSystemTimeZoneById(zone)).ShouldNotBeNull();
        var config = Config(Route("hours", "h") with { Hours = parsed });
        var instant = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);

        (Router.PlanFor(config, Incident(), instant).Receivers.Count > 0).ShouldBe(included);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Mon-Fri")]
    [InlineData("Mon-Fri 9:00-17:00")]
    [InlineData("Mon-Fri 09:00-25:00")]
    [InlineData("Mon-Fri 24:00-10:00")]
    [InlineData("Mo-Fr 09:00-17:00")]
    [InlineData("Mon-Wed-Fri 09:00-17:00")]
    [InlineData("Mon-Fri 09:00-17:00 UTC")]
    public void Hours_that_cannot_be_read_are_none(string text) => HoursText.Parse(text, TimeZoneInfo.Utc).ShouldBeNull();

    [Fact]
    public void Hours_and_limits_are_written_as_they_are_read()
    {
        HoursText.Format(HoursText.Parse("Sat,Sun 00:00-24:00", TimeZoneInfo.Utc)!).ShouldBe("Sat,Sun 00:00-24:00 UTC");
        HoursText.Format(HoursText.Parse("DAILY 22:00-06:00", TimeZoneInfo.Utc)!).ShouldBe("daily 22:00-06:00 UTC");
        RateLimitText.Format(RateLimitText.Parse("10 per 90m")!).ShouldBe("10 per 90m");
        RateLimitText.Format(RateLimitText.Parse("1 per 24h")!).ShouldBe("1 per 1d");
    }

    [Fact]
    public void Whatever_the_routes_each_is_told_once_and_the_ladder_rises()
    {
        var receiver = Gen.Int[0, 3].Select(i => "abcd"[i..(i + 1)]);
        var step = Gen.Select(Gen.Int[1, 5], receiver.Array[1, 3], (minutes, names) => new EscalationStep(TimeSpan.FromMinutes(minutes), names));
        var route = Gen.Select(receiver.Array[1, 3], step.Array[0, 3], Gen.Bool, Gen.Int[0, 2].Select(i => i == 0 ? null : i == 1 ? "web-*" : "db-*"),
            (names, steps, goesOn, entity) => new Route { Name = Guid.NewGuid().ToString("N"), Receivers = names, Escalation = steps, Continue = goesOn, Match = new AlertMatch { Entity = entity } });

        route.Array[1, 6].Sample(routes =>
        {
            var plan = Router.PlanFor(Config(routes), Incident(), Noon);
            var told = plan.Receivers.Concat(plan.Escalation.SelectMany(one => one.Receivers)).ToList();
            told.Distinct().Count().ShouldBe(told.Count);
            plan.Escalation.Select(one => one.After).ShouldBe(plan.Escalation.Select(one => one.After).Order().Distinct());

            // The same, naively: walk until one that matches does not go on.
            var holding = new List<Route>();
            foreach (var one in routes.Where(one => one.Match.Entity is null or "web-*"))
            {
                holding.Add(one);
                if (!one.Continue)
                    break;
            }
            plan.Routes.ShouldBe(holding.Select(one => one.Name));
            told.ToHashSet().SetEquals(holding.SelectMany(one => one.Receivers.Concat(one.Escalation.SelectMany(rung => rung.Receivers)))).ShouldBeTrue();
        }, iter: 2_000);
    }

    static EscalationStep Step(int minutes, params string[] receivers) => new(TimeSpan.FromMinutes(minutes), receivers);
}
