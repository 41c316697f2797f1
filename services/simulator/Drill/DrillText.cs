using System.Globalization;

namespace Forewarn.Simulator;

/// <summary>A report for people.</summary>
static class DrillText
{
    const string Row = "{0,-18} {1,-20} {2,9} {3,12} {4,13} {5,9}  {6}";

    public static IEnumerable<string> Of(DrillReport report)
    {
        yield return "";
        yield return Line(Row, "fault", "host", "detected", "told after", "lead time", "incidents", "missed");
        foreach (var fault in report.Faults)
        {
            var hosts = fault.Truth.Entities.Count > 1 ? $"{fault.Truth.Entity} +{fault.Truth.Entities.Count - 1}" : fault.Truth.Entity;
            yield return Line(
                Row, fault.Truth.Fault, hosts, fault.DetectedAt is null ? "no" : "yes", Seconds(fault.SecondsToDetect), Seconds(fault.LeadSeconds),
                fault.Incidents.Count, Remarks(fault)).TrimEnd();
        }
        yield return "";
        foreach (var alarm in report.FalseAlarms)
            yield return Line("false alarm at {0:HH:mm:ss} on {1}: {2}", DateTimeOffset.FromUnixTimeMilliseconds(alarm.OpenedAt), alarm.Entity, alarm.Summary);
        yield return Line("{0} host hours without a fault", report.HostHours.ToString("0.0", CultureInfo.InvariantCulture));
        yield return "";
        foreach (var bar in report.Bars)
            yield return Line("{0} {1,-60} {2}", bar.IsMet ? "met   " : "missed", bar.Bar, bar.Reached);
    }

    static string Remarks(FaultVerdict fault) =>
        string.Join("; ", fault.FoldedWith.Count == 0 ? fault.Missed : fault.Missed.Append($"folded with {string.Join(", ", fault.FoldedWith)}"));

    static string Seconds(double? seconds) => seconds is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:0.0} s") : "-";

    static string Line(string format, params object[] values) => string.Format(CultureInfo.InvariantCulture, format, values);
}
