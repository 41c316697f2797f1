using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests;

public sealed class ExplanationTests
{
    const string Url = "https://watch.example.com";

    [Fact]
    public void It_says_what_how_far_from_normal_how_rare_who_moved_first_and_what_is_ahead()
    {
        var explanation = Explanation.Of(Samples.Tell(Samples.Rich()), Url);

        explanation.State.ShouldBe("critical");
        explanation.Sentence.ShouldBe(Samples.Rich().Summary);
        explanation.Rarity.ShouldBe("1 in 4,000");
        explanation.Series.Select(one => $"{one.Name} {one.Value} ({one.Normal})").ShouldBe(
        [
            "system.cpu.utilization (user) 97 % (3 to 12 %)",
            "system.memory.usage 7.54 GiB (5.68 to 6.89 GiB)",
            "http.server.request.duration (/checkout) 2.4 s (180 to 260 ms)",
        ]);
        explanation.FirstMover.ShouldStartWith("db-1: system.disk.io_time at 98 %");
        explanation.Followers.ShouldBe(
        [
            "web-1: http.server.request.duration (/checkout) at 2.4 s (after 12 s)",
            "web-2: http.server.request.duration (/checkout) at 2.1 s (after 14 s)",
            "and 7 more",
        ]);
        explanation.Prediction.ShouldBe(
            "system.memory.utilization reaches 100 % at 14:34:00 UTC, in about 4 min (80 % sure between 14:33:00 UTC and 14:36:00 UTC); 93 % likely within the hour");
    }

    [Fact]
    public void Its_link_leads_to_the_very_second_and_survives_any_name()
    {
        var explanation = Explanation.Of(Samples.Tell(Samples.Incident("a b/ü?&=#")), Url);

        var link = new Uri(explanation.ChartUrl);
        link.AbsolutePath.ShouldBe("/");
        System.Web.HttpUtility.ParseQueryString(link.Query)["entity"].ShouldBe("a b/ü?&=#");
        System.Web.HttpUtility.ParseQueryString(link.Query)["at"].ShouldBe($"{Samples.Start}");
    }

    [Theory]
    [InlineData(0.00025, false, "1 in 4,000")]
    [InlineData(3.9e-7, true, "rarer than anything seen here, about 1 in 2,600,000")]
    [InlineData(1e-12, true, "rarer than anything seen here, less than 1 in a billion")]
    [InlineData(0.0, false, "less than 1 in a billion")]
    [InlineData(0.7, false, null)]
    [InlineData(null, false, null)]
    public void Rarity_is_counted_or_says_that_it_is_not(double? p, bool extrapolated, string? expected) => Rarity.Of(p, extrapolated).ShouldBe(expected);

    [Fact]
    public void A_sentence_without_a_rarity_gets_it_and_one_with_it_does_not_get_it_twice()
    {
        Explanation.Of(Samples.Tell(Samples.Incident() with { Summary = "cpu is busy." }), Url).Sentence.ShouldBe("cpu is busy; 1 in 4,000");
        Explanation.Of(Samples.Tell(Samples.Incident() with { Summary = "disk is full", P = null }), Url).Sentence.ShouldBe("disk is full");
    }

    [Theory]
    [InlineData(PredictionOutcome.Confirmed, "critical, as predicted", "system.memory.utilization hit 100 % at 14:34:10 UTC, as said 4.2 min before")]
    [InlineData(PredictionOutcome.Averted, "averted", "system.memory.utilization did not reach 100 %: averted by a restart of web-1")]
    [InlineData(PredictionOutcome.Expired, "prediction expired", "system.memory.utilization did not reach 100 % by 14:36:00 UTC, and nobody had stepped in: this prediction was wrong")]
    public void A_prediction_is_held_to_account(PredictionOutcome outcome, string state, string words)
    {
        var explanation = Explanation.Of(Samples.Tell(Samples.Incident() with { Prediction = Samples.Prediction(outcome) }, NotificationKind.Settled), Url);

        explanation.State.ShouldBe(state);
        explanation.Prediction.ShouldBe(words);
    }

    [Fact]
    public void The_end_and_an_escalation_say_how_long()
    {
        var resolved = Samples.Incident() with { Status = IncidentStatus.Resolved, ResolvedAt = Samples.Start + 90_000 };
        Explanation.Of(Samples.Tell(resolved, NotificationKind.Resolved), Url).State.ShouldBe("resolved after 1.5 min");
        Explanation.Of(Samples.Tell(Samples.Incident(), NotificationKind.Escalated, at: Samples.Start + 300_500), Url).State.ShouldBe("critical, nobody has acknowledged it for 5 min");
        Explanation.Of(Samples.Tell(resolved), Url).State.ShouldBe("critical, over after 1.5 min");
    }
}
