using CsCheck;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer.Tests;

public sealed class DriftTests
{
    const long Hour = 3_600_000;

    static readonly DriftLimits Limits = new(Bound: 0.2, Ticks: 1000, Hours: 2);
    static readonly HashSet<string> Nobody = [];

    [Fact]
    public void Reports_of_replicas_are_added_and_repeated_and_overtaken_ones_are_not()
    {
        var document = Count(new DriftDocument(), ChampionSamples.Champion("p1", 0, ticks: 10), ChampionSamples.Champion("p2", 0, ticks: 5));
        document.Count([ChampionSamples.Champion("p1", 0, ticks: 10), ChampionSamples.Champion("p2", 0, ticks: 4)]).ShouldBeNull();
        document = Count(document, ChampionSamples.Champion("p1", 0, ticks: 30), ChampionSamples.Champion("p1", Hour, ticks: 7));

        var sum = document.Sum("a", 1, since: 0);
        (sum.Ticks, sum.Hours, sum.Watched).ShouldBe((42, 2, TimeSpan.FromSeconds(42)));
        sum.Scores.Sum().ShouldBe(42);
        sum.Features.ShouldAllBe(bins => bins.Sum() == 42);
        document.Sum("a", 1, since: Hour).Ticks.ShouldBe(7);
        document.Sum("a", 2, since: 0).ShouldBe(ChampionSum.Empty, "another time as champion");
    }

    [Fact]
    public void The_order_of_reports_does_not_matter() => Gen.Shuffle(Enumerable.Range(0, 24).ToArray()).Sample(order =>
    {
        ChampionReport[] reports = [.. Enumerable.Range(0, 24).Select(i => ChampionSamples.Champion($"p{i % 3}", i / 12 * Hour, ticks: 10 * (i + 1), opened: [$"host-{i % 5}"]))];
        var inOrder = Count(new DriftDocument(), reports);
        var shuffled = order.Aggregate(new DriftDocument(), (document, i) => document.Count([reports[i]]) ?? document);

        var (one, other) = (inOrder.Sum("a", 1, 0), shuffled.Sum("a", 1, 0));
        (other.Ticks, other.Watched, other.Hours).ShouldBe((one.Ticks, one.Watched, one.Hours));
        other.Scores.ShouldBe(one.Scores);
        other.Alarms(Nobody).ShouldBe(one.Alarms(Nobody));
    }, iter: 100, threads: 1);

    [Fact]
    public void An_hour_that_is_over_is_one_count_and_takes_no_more()
    {
        var document = Count(new DriftDocument(), ChampionSamples.Champion("p1", 0, 10), ChampionSamples.Champion("p2", 0, 20), ChampionSamples.Champion("p1", Hour, 1), ChampionSamples.Champion("p1", 2 * Hour, 1));

        document.Hours.Single(hour => hour.Hour == 0).Reports.ShouldHaveSingleItem().Ticks.ShouldBe(30);
        document.Count([ChampionSamples.Champion("p3", 0, 99)]).ShouldBeNull();
        document.Sum("a", 1, 0).Ticks.ShouldBe(32);
    }

    [Fact]
    public void The_document_stays_small_whatever_is_reported()
    {
        var document = new DriftDocument();
        for (var hour = 0; hour < DriftDocument.HoursKept + 50; hour++)
            document = Count(document, ChampionSamples.Champion("p1", hour * Hour, 10));
        document.Hours.Count.ShouldBe(DriftDocument.HoursKept);
        document.Hours[0].Hour.ShouldBe((DriftDocument.HoursKept + 49) * Hour);

        document.Count([ChampionSamples.Champion("p2", document.Hours[0].Hour, 10) with { Scores = new long[1000] }]).ShouldBeNull();
        document.Count([ChampionSamples.Champion("", document.Hours[0].Hour, 10)]).ShouldBeNull();
    }

    [Fact]
    public void A_fault_that_opens_again_and_again_is_one_alarm_and_a_confirmed_one_none()
    {
        var document = Count(new DriftDocument(), [
            .. Enumerable.Range(0, 6).Select(hour => ChampionSamples.Champion("p1", hour * Hour, 10, opened: ["bad", .. hour is 0 or 5 ? new[] { "twice" } : []])),
            ChampionSamples.Champion("p2", 3 * Hour, 10, opened: ["bad", "other"])]);
        var sum = document.Sum("a", 1, 0);

        sum.Alarms(Nobody).ShouldBe(4, "bad once, twice twice, other once");
        sum.Alarms(new HashSet<string> { "bad", "twice" }).ShouldBe(1);
        (sum with { MoreOpened = 7 }).Alarms(Nobody).ShouldBe(11);
    }

    [Fact]
    public void What_was_learned_is_not_moved_and_what_was_not_is()
    {
        var manifest = ChampionSamples.Manifest();
        var (same, other) = (ChampionSamples.Met(manifest, hours: 3, shift: 0), ChampionSamples.Met(manifest, hours: 3, shift: 0.8f));

        DriftRules.Judge(same, manifest, Limits).ShouldSatisfyAllConditions(
            finding => finding.Moved.ShouldBeFalse(), finding => finding.IsEnough.ShouldBeTrue(), finding => finding.Worst.ShouldBeLessThan(0.02));
        DriftRules.Judge(other, manifest, Limits).ShouldSatisfyAllConditions(
            finding => finding.Moved.ShouldBeTrue(),
            finding => finding.Features[0].Psi.ShouldBe(finding.Features.Max(feature => feature.Psi)),
            finding => finding.Features.Count.ShouldBe(RowSpec.Count),
            finding => finding.Summary.ShouldContain("on 3,000 ticks in 3 hours"));
    }

    [Theory]
    [InlineData(1, "1 of 2 hours are too few")]
    [InlineData(0, "Nothing has been counted")]
    public void On_too_little_nothing_has_moved(int hours, string told)
    {
        var manifest = ChampionSamples.Manifest();
        var finding = DriftRules.Judge(ChampionSamples.Met(manifest, hours, shift: 5), manifest, Limits);

        finding.Moved.ShouldBeFalse();
        finding.Summary.ShouldContain(told);
    }

    [Fact]
    public void A_model_without_a_reference_is_judged_by_its_scores_and_says_so()
    {
        var manifest = ChampionSamples.Manifest() with { Reference = [] };
        var finding = DriftRules.Judge(ChampionSamples.Met(manifest, hours: 3, shift: 5), manifest, Limits);

        finding.Features.ShouldBeEmpty();
        finding.Moved.ShouldBeTrue();
        finding.Summary.ShouldContain("The scores have moved");
        finding.Summary.ShouldContain("made without a reference");
    }

    static DriftDocument Count(DriftDocument document, params ChampionReport[] reports) => document.Count(reports).ShouldNotBeNull();
}
