using CsCheck;
using Forewarn.Contracts;

namespace Forewarn.Simulator.Tests;

public sealed class DrillVerdictTests
{
    const long From = 1_800_000_000_000;
    const long To = From + 600_000;

    static readonly string[] _hosts = ["a", "b", "c", "d"];

    static GroundTruth Abrupt(string entity, int start, int end, params string[] others) =>
        new("cpu-saturation", Onset.Abrupt, entity, [entity, .. others], From + start * 1000L, From + start * 1000L, From + end * 1000L, ["system.cpu.utilization"]);

    static GroundTruth Gradual(string entity, int start, int failure, int end) =>
        new("memory-leak", Onset.Gradual, entity, [entity], From + start * 1000L, From + failure * 1000L, From + end * 1000L, ["system.memory.utilization"]);

    static IncidentEvent Incident(string entity, double opened, double? resolved = null) => new()
    {
        Id = $"{entity}-{opened}",
        Revision = 1,
        Fingerprint = entity,
        Entity = entity,
        Kind = DetectionKind.Joint,
        Status = IncidentStatus.Open,
        Severity = IncidentSeverity.Critical,
        Summary = "something is off",
        StartedAt = From + (long)(opened * 1000),
        OpenedAt = From + (long)(opened * 1000),
        UpdatedAt = From + (long)(opened * 1000),
        ResolvedAt = resolved is { } at ? From + (long)(at * 1000) : null,
        Count = 1,
    };

    static DrillReport Judge(IReadOnlyList<GroundTruth> truths, params IncidentEvent[] incidents) => DrillVerdict.Of("test", _hosts, truths, incidents, From, To);

    [Fact]
    public void A_fault_told_in_time_meets_every_bar()
    {
        var report = Judge([Abrupt("a", 100, 200), Gradual("b", 100, 180, 200)], Incident("a", 103.5), Incident("b", 150), Incident("elsewhere", 50));
        report.IsMet.ShouldBeTrue();
        report.FalseAlarms.ShouldBeEmpty();
        (report.Faults[0].SecondsToDetect, report.Faults[0].LeadSeconds).ShouldBe((3.5, null));
        (report.Faults[1].SecondsToDetect, report.Faults[1].LeadSeconds).ShouldBe((50, 30));
        report.Faults.ShouldAllBe(fault => fault.Missed.Count == 0 && fault.Incidents.Count == 1);
        report.Bars.Count.ShouldBe(5);
    }

    [Fact]
    public void What_is_missed_is_listed_with_its_reason()
    {
        var report = Judge(
            [Abrupt("a", 100, 200), Abrupt("b", 100, 200), Abrupt("c", 100, 200), Gradual("d", 100, 150, 200)],
            Incident("a", 112), Incident("b", 205), Incident("c", 90), Incident("d", 160), Incident("d", 230));
        report.IsMet.ShouldBeFalse();
        report.Faults[0].Missed.ShouldHaveSingleItem().ShouldBe("told after 12.0 s, more than 5 s");
        report.Faults[1].Missed.ShouldHaveSingleItem().ShouldBe("told only when it was over");
        report.Faults[2].Missed.ShouldHaveSingleItem().ShouldBe("an incident of c that was open before hides it: something is off");
        report.Faults[3].Missed.ShouldBe(["told 10.0 s after the failure", "2 incidents: Joint of d after 60 s, Joint of d after 130 s"]);
        report.FalseAlarms.ShouldHaveSingleItem().Entity.ShouldBe("c");
        report.Bars.Select(bar => bar.IsMet).ShouldBe([false, false, false, false, true]);
        string.Join('\n', DrillText.Of(report)).ShouldContain("missed every fault is detected                                      2 of 4");
    }

    [Fact]
    public void A_fault_of_several_hosts_is_detected_by_the_first_and_counts_all_their_incidents()
    {
        var report = Judge([Abrupt("a", 100, 200, "b", "c")], Incident("b", 104), Incident("c", 102));
        report.Faults[0].SecondsToDetect.ShouldBe(2);
        report.Faults[0].Incidents.Count.ShouldBe(2);
        report.Bars.Single(bar => bar.Bar.StartsWith("one incident", StringComparison.Ordinal)).IsMet.ShouldBeFalse();
    }

    [Fact]
    public void Two_faults_of_one_host_keep_their_own_incidents()
    {
        var report = Judge([Abrupt("a", 100, 120), Abrupt("a", 150, 200)], Incident("a", 101), Incident("a", 152));
        report.Faults.Select(fault => fault.SecondsToDetect).ShouldBe([1, 2]);
        report.IsMet.ShouldBeTrue();
    }

    [Fact]
    public void Alarms_on_healthy_hosts_and_before_a_fault_are_false_and_one_is_allowed()
    {
        Judge([Abrupt("a", 100, 200)], Incident("a", 101), Incident("d", 300)).IsMet.ShouldBeTrue();
        var report = Judge([Abrupt("a", 100, 200)], Incident("a", 50, 60), Incident("a", 101), Incident("a", 261), Incident("d", -1));
        report.FalseAlarms.Count.ShouldBe(2);
        report.IsMet.ShouldBeFalse();
    }

    [Fact]
    public void What_never_fails_has_no_lead_time_and_does_not_count_among_those_told_before()
    {
        var mild = Gradual("a", 100, 150, 200) with { Failure = null };
        var report = Judge([mild], Incident("a", 120));
        report.Faults[0].LeadSeconds.ShouldBeNull();
        report.Bars.ShouldNotContain(bar => bar.Bar.Contains("before the failure"));
        report.IsMet.ShouldBeTrue();
    }

    [Fact]
    public void Every_incident_of_the_fleet_belongs_to_one_fault_or_is_a_false_alarm()
    {
        var incident = Gen.Select(Gen.Int[0, _hosts.Length], Gen.Int[-50, 650], (host, opened) => Incident(host < _hosts.Length ? _hosts[host] : "elsewhere", opened));
        var truth = Gen.Select(Gen.Int[0, _hosts.Length - 1], Gen.Int[0, 500], Gen.Int[10, 100], Gen.Bool, (host, start, length, gradual) =>
            gradual ? Gradual(_hosts[host], start, start + length / 2, start + length) : Abrupt(_hosts[host], start, start + length));
        Gen.Select(truth.List[0, 6], incident.List[0, 20]).Sample((truths, incidents) =>
        {
            var report = Judge(truths, [.. incidents]);
            var counted = incidents.Count(each => each.Entity != "elsewhere" && each.OpenedAt >= From && each.OpenedAt <= To);
            (report.FalseAlarms.Count + report.Faults.DistinctBy(fault => fault.Truth).Sum(fault => fault.Incidents.Count)).ShouldBe(counted);
            foreach (var fault in report.Faults)
            {
                fault.SecondsToDetect?.ShouldBeGreaterThanOrEqualTo(0);
                (fault.DetectedAt is null).ShouldBe(!fault.Incidents.Any(each => each.OpenedAt < fault.Truth.End));
            }
            // The order in which incidents are read does not matter.
            var other = Judge(truths, [.. incidents.AsEnumerable().Reverse()]);
            other.Bars.ShouldBe(report.Bars);
        }, iter: 2000);
    }
}
