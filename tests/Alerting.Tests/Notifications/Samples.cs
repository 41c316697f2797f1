using Forewarn.Alerting.Incidents;
using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests;

/// <summary>An incident as the pipeline makes it, and notifications of it.</summary>
static class Samples
{
    /// <summary>2026-03-10 14:30:00 UTC.</summary>
    public const long Start = 1_773_153_000_000;

    public static IncidentEvent Incident(string entity = "web-1", long revision = 1) => new()
    {
        Id = Fingerprint.IncidentId(ContentHash.Of(entity), Start),
        Revision = revision,
        Fingerprint = ContentHash.Of(entity),
        Entity = entity,
        Kind = DetectionKind.Joint,
        Status = IncidentStatus.Open,
        Severity = IncidentSeverity.Critical,
        Summary = "system.cpu.utilization (user) at 97 %, on Tuesdays at 14:00 UTC normally 3 to 12 %; 4 more metrics are off; seen on 1 in 4,000 ticks",
        StartedAt = Start,
        OpenedAt = Start + 500,
        UpdatedAt = Start + 500 + revision,
        Count = 1,
        P = 1 / 4000.0,
        Score = 0.8,
        Contributors =
        [
            Series("system.cpu.utilization", "1", 0.97, 0.03, 0.12, ("cpu.mode", "user")),
            Series("system.memory.usage", "By", 8.1e9, 6.1e9, 7.4e9),
            Series("http.server.request.duration", "s", 2.4, 0.18, 0.26, ("http.route", "/checkout")),
        ],
        Features = [1, 2, 3],
    };

    /// <summary>With everything that can stand in a notification.</summary>
    public static IncidentEvent Rich() => Incident("web-1") with
    {
        Entities = ["db-1", "web-1", "web-2"],
        ProbableCause = "db-1: system.disk.io_time at 98 %, 12 s before web-1 and 14 s before web-2",
        SymptomCount = 9,
        Symptoms =
        [
            Symptom("web-1", "http.server.request.duration (/checkout) at 2.4 s", 12_000),
            Symptom("web-2", "http.server.request.duration (/checkout) at 2.1 s", 14_000),
        ],
        Prediction = Prediction(PredictionOutcome.Pending),
    };

    public static BreachPrediction Prediction(PredictionOutcome outcome) => new()
    {
        Series = ContentHash.Of("memory"),
        Name = "system.memory.utilization",
        Unit = "1",
        Limit = 1,
        SaidAt = Start,
        PredictedAt = Start + 240_000,
        EarliestAt = Start + 180_000,
        LatestAt = Start + 360_000,
        Probability = 0.93,
        Outcome = outcome,
        OutcomeAt = outcome == PredictionOutcome.Pending ? null : Start + 250_000,
        AvertedBy = outcome == PredictionOutcome.Averted ? "a restart of web-1" : null,
    };

    public static Notification Tell(IncidentEvent incident, NotificationKind kind = NotificationKind.Opened, string receiver = "ops", long at = Start + 1000) => new()
    {
        Id = Notification.IdOf(incident.Id, receiver, kind, incident.Revision),
        Receiver = receiver,
        Kind = kind,
        Incident = incident,
        At = at,
    };

    public static Contributor Series(string name, string unit, double value, double low, double high, params (string Key, string Value)[] labels) => new()
    {
        Series = ContentHash.Of(name),
        Name = name,
        Unit = unit,
        Labels = labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal),
        Value = value,
        Expected = (low + high) / 2,
        Low = low,
        High = high,
        Z = 9,
    };

    public static Trend Trend(int points = 60) => Forewarn.Alerting.Notifications.Trend.Of(
        new RangeResult
        {
            Entity = "web-1",
            StepMs = 10_000,
            T = [.. Enumerable.Range(0, points).Select(i => Start - 600_000 + i * 10_000L)],
            Series =
            [
                new RangeSeries
                {
                    Id = "0",
                    Name = "system.cpu.utilization",
                    Unit = "1",
                    Labels = new Dictionary<string, string> { ["cpu.mode"] = "user" },
                    Mean = [.. Enumerable.Range(0, points).Select(i => i is 20 or 21 ? double.NaN : i < 48 ? 0.06 + 0.03 * Math.Sin(i) : 0.3 + 0.06 * (i - 48))],
                },
            ],
        }, points)!;

    static Symptom Symptom(string entity, string summary, long after) => new()
    {
        Entity = entity,
        Cause = "behaviour",
        Kind = DetectionKind.Level,
        Summary = summary,
        Since = Start + after,
        LastT = Start + after,
        Why = "rack",
    };
}
