using Forewarn.Alerting.Silences;
using Forewarn.Alerting.Tests.Routing;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests.Silences;

public sealed class SilenceListTests
{
    const long Hour = 3_600_000;

    [Fact]
    public void One_that_is_ended_holds_no_longer_and_cannot_be_ended_again()
    {
        var list = new SilenceList().With(Record("a", 0, 10 * Hour), 0).ShouldNotBeNull();

        var ended = list.Ended("a", Hour).ShouldNotBeNull();

        ended.Items[0].Info.To.ShouldBe(Hour);
        ended.Ended("a", Hour).ShouldBeNull();
        ended.Ended("b", Hour).ShouldBeNull();
    }

    [Fact]
    public void One_that_is_ended_before_it_begins_never_holds()
    {
        var ended = new SilenceList().With(Record("a", 5 * Hour, 10 * Hour), 0)!.Ended("a", Hour).ShouldNotBeNull().Items[0];

        (ended.Info.From, ended.Info.To).ShouldBe((Hour, Hour));
        ended.Wanted.ShouldBeNull();
    }

    [Fact]
    public void Ended_ones_are_kept_for_a_week()
    {
        var list = new SilenceList().With(Record("a", 0, Hour), 0)!.With(Record("b", 0, 400 * Hour), 0)!;

        list.Swept(Hour + SilenceList.KeptMs).ShouldBeSameAs(list);
        list.Swept(Hour + SilenceList.KeptMs + 1).Items.ShouldHaveSingleItem().Info.Id.ShouldBe("b");
    }

    [Fact]
    public void A_full_list_makes_room_by_what_has_ended_and_refuses_when_all_hold()
    {
        var list = new SilenceList { Items = [.. Enumerable.Range(0, SilenceList.Most).Select(i => Record($"s{i}", 0, i is 3 or 7 ? Hour : 10 * Hour))] };

        var later = list.With(Record("new", 0, 10 * Hour), 2 * Hour).ShouldNotBeNull();
        later.Items.Count.ShouldBe(SilenceList.Most);
        later.Items.Select(item => item.Info.Id).ShouldNotContain("s7");
        later.Items.Select(item => item.Info.Id).ShouldContain("s3");

        list.With(Record("new", 0, 10 * Hour), Hour / 2).ShouldBeNull();
    }

    [Fact]
    public void The_first_that_holds_and_matches_mutes()
    {
        SilenceInfo[] known =
        [
            Record("later", Hour, 2 * Hour).Info,
            Record("other", 0, Hour).Info with { Match = new AlertMatch { Entity = "db-*" } },
            Record("this", 0, Hour).Info with { Match = new AlertMatch { Entity = "web-*" } },
        ];
        var incident = RoutingSamples.Incident();

        SilenceBook.MutedBy(known, incident, 0)!.Id.ShouldBe("this");
        SilenceBook.MutedBy(known, incident, Hour - 1)!.Id.ShouldBe("this");
        SilenceBook.MutedBy(known, incident, Hour)!.Id.ShouldBe("later");
        SilenceBook.MutedBy(known, incident, 2 * Hour).ShouldBeNull();
    }

    [Fact]
    public void Only_maintenance_has_something_to_tell_the_trainer()
    {
        var silence = Record("a", 0, Hour);
        silence.IsSettled.ShouldBeTrue();

        var maintenance = silence with { Info = silence.Info with { Kind = SilenceKind.Maintenance } };
        maintenance.IsSettled.ShouldBeFalse();
        maintenance = maintenance with { Told = [new LeftOutTime(0, Hour, ["web-1"])] };
        maintenance.IsSettled.ShouldBeFalse();
        maintenance = maintenance with { Told = [maintenance.Told[0] with { IsTold = true }] };
        maintenance.IsSettled.ShouldBeTrue();
        (maintenance with { Info = maintenance.Info with { To = Hour / 2 } }).IsSettled.ShouldBeFalse();
    }

    [Theory]
    [InlineData("to", 0L, 0L, "r", "w")]
    [InlineData("to", null, -1L, "r", "w")]
    [InlineData("to", -10L, -5L, "r", "w")]
    [InlineData("to", 0L, 367L * 24 * Hour, "r", "w")]
    [InlineData("from", 367L * 24 * Hour, 368L * 24 * Hour, "r", "w")]
    [InlineData("reason", null, Hour, " ", "w")]
    [InlineData("who", null, Hour, "r", "")]
    [InlineData("who", null, Hour, "r", "a\u0007b")]
    public void What_cannot_be_silenced_is_refused_by_field(string field, long? from, long to, string reason, string who)
    {
        var request = new SilenceRequest { Match = new AlertMatch(), From = from is { } begin ? RoutingSamples.Now + begin : null, To = RoutingSamples.Now + to, Reason = reason, Who = who };

        SilenceRules.WhyNot(request, RoutingSamples.Now).Keys.ShouldBe([field]);
    }

    [Fact]
    public void What_is_matched_is_bounded_too()
    {
        SilenceRules.WhyNot((AlertMatch?)null).Keys.ShouldBe(["match"]);
        SilenceRules.WhyNot(new AlertMatch { Entity = new string('x', 256), Labels = RoutingSamples.Labels("team", "") }).Keys.ShouldBe(["match.entity", "match.labels"]);
        SilenceRules.WhyNot(new AlertMatch { Entity = "web-*", Labels = RoutingSamples.Labels("team", "a*") }).ShouldBeEmpty();
    }

    static SilenceRecord Record(string id, long from, long to) => new()
    {
        Info = new SilenceInfo { Id = id, Kind = SilenceKind.Silence, Match = new AlertMatch(), From = from, To = to, Reason = "r", Who = "w", At = from },
        ChangedAt = from,
    };
}
