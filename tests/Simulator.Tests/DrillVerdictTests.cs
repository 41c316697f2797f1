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

    /// <summary>With what was folded into it, and after how many seconds.</summary>
    static IncidentEvent Folding(IncidentEvent incident, params (string Entity, double At)[] others) => incident with
    {
        Entities = [.. others.Select(other => other.Entity).Prepend(incident.Entity).Distinct()],
        Symptoms =
        [
            .. others.Select(other => new Symptom
            {
                Entity = other.Entity,
                Cause = "joint",
                Kind = DetectionKind.Joint,
                Summary = "it too",
                Since = From + (long)(other.At * 1000) - 2000,
                LastT = From + (long)(other.At * 1000) + 60_000,
                FoldedAt = From + (long)(other.At * 1000),
                Why = "k8s.node.name",
            }),
        ],
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
    public void Symptoms_of_its_other_hosts_that_are_folded_into_the_first_make_one_incident_of_a_fault()
    {
        var report = Judge([Abrupt("a", 100, 200, "b", "c")], Folding(Incident("b", 102), ("c", 103), ("a", 104), ("b", 110)));
        (report.Faults[0].SecondsToDetect, report.Faults[0].Incidents.Count).ShouldBe((2, 1));
        report.Faults[0].FoldedWith.ShouldBeEmpty();
        report.IsMet.ShouldBeTrue();
    }

    [Fact]
    public void A_fault_folded_into_the_incident_of_another_is_told_when_it_was_folded_and_both_say_so()
    {
        var report = Judge([Abrupt("a", 100, 200), Gradual("b", 110, 150, 200)], Folding(Incident("a", 102), ("b", 130)));
        report.Faults.Select(fault => fault.SecondsToDetect).ShouldBe([2, 20]);
        report.Faults[1].LeadSeconds.ShouldBe(20);
        report.Faults.Select(fault => fault.FoldedWith.ShouldHaveSingleItem()).ShouldBe(["memory-leak of b", "cpu-saturation of a"]);
        report.Faults.ShouldAllBe(fault => fault.Incidents.Count == 1);
        report.FalseAlarms.ShouldBeEmpty();
        var text = string.Join('\n', DrillText.Of(report));
        text.ShouldContain("folded with memory-leak of b");
        text.ShouldContain("0 with more, 2 folded with others");
    }

    [Fact]
    public void An_alarm_before_a_fault_stays_false_though_the_fault_is_folded_into_it_and_so_told()
    {
        var report = Judge([Abrupt("a", 100, 200)], Folding(Incident("d", 50), ("a", 104)));
        report.Faults[0].SecondsToDetect.ShouldBe(4);
        report.FalseAlarms.ShouldHaveSingleItem().Entity.ShouldBe("d");
    }

    [Fact]
    public void A_lead_that_went_over_to_a_healthy_host_makes_no_false_alarm_of_a_fault()
    {
        var report = Judge([Abrupt("a", 100, 200)], Folding(Incident("d", 102), ("a", 102)));
        report.Faults[0].SecondsToDetect.ShouldBe(2);
        report.FalseAlarms.ShouldBeEmpty();
    }

    [Fact]
    public void A_host_that_is_only_named_was_told_of_by_the_newest_change_at_the_latest()
    {
        var storm = Incident("a", 102) with { Entities = ["a", "b"], UpdatedAt = From + 140_000 };
        Judge([Abrupt("a", 100, 200), Abrupt("b", 120, 200)], storm).Faults.Select(fault => fault.SecondsToDetect).ShouldBe([2, 20]);
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
    public void Every_incident_of_the_fleet_tells_of_a_fault_or_is_a_false_alarm()
    {
        var host = Gen.Int[0, _hosts.Length].Select(at => at < _hosts.Length ? _hosts[at] : "elsewhere");
        var folded = Gen.Select(host, Gen.Int[0, 60]).Array[0, 3];
        var incident = Gen.Select(host, Gen.Int[-50, 650], folded, (entity, opened, others) =>
            Folding(Incident(entity, opened), [.. others.Select(other => (other.Item1, (double)opened + other.Item2))]));
        var truth = Gen.Select(Gen.Int[0, _hosts.Length - 1], Gen.Int[0, 500], Gen.Int[10, 100], Gen.Bool, (at, start, length, gradual) =>
            gradual ? Gradual(_hosts[at], start, start + length / 2, start + length) : Abrupt(_hosts[at], start, start + length));
        Gen.Select(truth.List[0, 6], incident.List[0, 20]).Sample((truths, told) =>
        {
            var incidents = told.Select((each, at) => each with { Id = $"{at}" }).ToList();
            var report = Judge(truths, [.. incidents]);
            var counted = incidents.Where(each => each.Entities.Any(_hosts.Contains) && each.OpenedAt >= From && each.OpenedAt <= To).Select(each => each.Id);
            report.FalseAlarms.Concat(report.Faults.SelectMany(fault => fault.Incidents)).Select(each => each.Id).Distinct().Order().ShouldBe(counted.Order());
            foreach (var fault in report.Faults)
            {
                fault.SecondsToDetect?.ShouldBeGreaterThanOrEqualTo(0);
                if (fault.DetectedAt is not null)
                    fault.Incidents.ShouldContain(each => each.OpenedAt <= fault.DetectedAt);
                // Whoever is folded with another is folded with by that one.
                fault.FoldedWith.Count.ShouldBe(report.Faults.Count(other => other.Truth != fault.Truth && other.Incidents.Any(each => fault.Incidents.Any(own => own.Id == each.Id))));
            }
            // The order in which incidents are read does not matter.
            var other = Judge(truths, [.. incidents.AsEnumerable().Reverse()]);
            other.Bars.ShouldBe(report.Bars);
        }, iter: 2000);
    }
}
