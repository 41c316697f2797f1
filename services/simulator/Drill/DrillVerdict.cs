using System.Globalization;
using Forewarn.Contracts;

namespace Forewarn.Simulator;

/// <summary>Compares what happened with what was told. Pure.</summary>
static class DrillVerdict
{
    const double MostMedianSeconds = 5;
    const double LeastShareBefore = 0.9;
    const int MostFalseAlarms = 1;

    /// <param name="hosts">Names of all hosts of the fleet; incidents of others do not count.</param>
    /// <param name="incidents">In their newest revision, in any order.</param>
    /// <param name="from">When the drill began, unix milliseconds: what was opened before does not count.</param>
    public static DrillReport Of(
        string scenario, IReadOnlyCollection<string> hosts, IReadOnlyList<GroundTruth> truths, IReadOnlyList<IncidentEvent> incidents, long from, long to)
    {
        var ours = incidents
            .Where(incident => incident.OpenedAt >= from && incident.OpenedAt <= to && Telling.Of(incident).Any(telling => hosts.Contains(telling.Entity)))
            .OrderBy(incident => incident.OpenedAt).ThenBy(incident => incident.Id, StringComparer.Ordinal)
            .Select(incident => FaultMatch.Of(incident, truths)).ToList();
        var faults = truths.Select(truth => Judge(truth, ours)).ToList();
        List<ToldIncident> falseAlarms = [.. ours.Where(match => match.IsFalseAlarm).Select(match => Told(match.Incident))];
        return new(scenario, from, to, HostHours(hosts, truths, from, to), faults, falseAlarms, Bars(faults, falseAlarms.Count));
    }

    static FaultVerdict Judge(GroundTruth truth, List<FaultMatch> all)
    {
        var matches = all.Where(match => match.ToldOf(truth) is not null).ToList();
        var verdict = new FaultVerdict
        {
            Truth = truth,
            Incidents = [.. matches.Select(match => Told(match.Incident))],
            DetectedAt = matches.Min(match => match.ToldOf(truth) is { } at && at < truth.End ? at : (long?)null),
            FoldedWith = [.. matches.SelectMany(match => match.Faults).Select(fault => fault.Truth).Where(other => other != truth).Distinct().Select(other => $"{other.Fault} of {other.Entity}")],
            Missed = [],
        };
        return verdict with { Missed = [.. Missed(verdict, all)] };
    }

    static IEnumerable<string> Missed(FaultVerdict verdict, List<FaultMatch> all)
    {
        var truth = verdict.Truth;
        if (verdict.DetectedAt is null)
        {
            var hidden = all.Select(match => match.Incident).FirstOrDefault(incident =>
                truth.Entities.Contains(incident.Entity) && incident.OpenedAt < truth.Start && !(incident.ResolvedAt < truth.Start));
            yield return hidden is not null ? $"an incident of {hidden.Entity} that was open before hides it: {hidden.Summary}"
                : verdict.Incidents.Count > 0 ? "told only when it was over"
                : "no incident at all";
        }
        else if (truth.Onset == Onset.Abrupt && verdict.SecondsToDetect > MostMedianSeconds)
        {
            yield return Text($"told after {verdict.SecondsToDetect:0.0} s, more than {MostMedianSeconds:0} s");
        }
        else if (verdict.LeadSeconds <= 0)
        {
            yield return Text($"told {-verdict.LeadSeconds:0.0} s after the failure");
        }
        if (verdict.Incidents.Count > 1)
            yield return Text($"{verdict.Incidents.Count} incidents: {string.Join(", ", verdict.Incidents.Select(incident => Text($"{incident.Kind} of {incident.Entity} after {(incident.OpenedAt - truth.Start) / 1000.0:0} s")))}");
    }

    static List<BarVerdict> Bars(List<FaultVerdict> faults, int falseAlarms)
    {
        var bars = new List<BarVerdict>();
        var detected = faults.Count(fault => fault.DetectedAt is not null);
        bars.Add(new("every fault is detected", Text($"{detected} of {faults.Count}"), detected == faults.Count));
        var abrupt = faults.Where(fault => fault.Truth.Onset == Onset.Abrupt).Select(fault => fault.SecondsToDetect ?? double.PositiveInfinity).Order().ToList();
        if (abrupt.Count > 0)
        {
            var median = (abrupt[(abrupt.Count - 1) / 2] + abrupt[abrupt.Count / 2]) / 2;
            bars.Add(new(
                Text($"abrupt faults are told within {MostMedianSeconds:0} s (median)"),
                double.IsInfinity(median) ? "half of them never" : Text($"{median:0.0} s of {abrupt.Count}"), median <= MostMedianSeconds));
        }
        // What never fails cannot be told before it does.
        var gradual = faults.Where(fault => fault.Truth.Onset == Onset.Gradual && fault.Truth.Failure is not null).ToList();
        if (gradual.Count > 0)
        {
            var before = gradual.Count(fault => fault.DetectedAt < fault.Truth.Failure);
            bars.Add(new("gradual faults are told before the failure, 9 of 10", Text($"{before} of {gradual.Count}"), before >= LeastShareBefore * gradual.Count));
        }
        var folded = faults.Count(fault => fault.Incidents.Count <= 1);
        var shared = faults.Count(fault => fault.FoldedWith.Count > 0);
        bars.Add(new("one incident for each fault", Text($"{faults.Count - folded} with more") + (shared > 0 ? Text($", {shared} folded with others") : ""), folded == faults.Count));
        bars.Add(new(Text($"at most {MostFalseAlarms} false alarm"), Text($"{falseAlarms}"), falseAlarms <= MostFalseAlarms));
        return bars;
    }

    static double HostHours(IReadOnlyCollection<string> hosts, IReadOnlyList<GroundTruth> truths, long from, long to)
    {
        var faulty = truths.Sum(truth => truth.Entities.Count * (double)Math.Max(0, Math.Min(to, truth.End + FaultMatch.AftermathMs) - Math.Max(from, truth.Start)));
        return Math.Max(0, (hosts.Count * (double)(to - from)) - faulty) / 3_600_000;
    }

    static ToldIncident Told(IncidentEvent incident) =>
        new(incident.Id, incident.Entity, incident.Kind, incident.Severity, incident.OpenedAt, incident.Summary, incident.Model);

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
