using Forewarn.Alerting.Incidents;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests;

/// <summary>What tests of incidents begin with.</summary>
static class Incident
{
    public const long Start = 1_800_000_000_000;

    public static AlertingOptions Options { get; } = new();

    public static IncidentState? Observed(IncidentState? state, Detection detection, long now) => IncidentMachine.Observe(state, Fold(detection), now, Options);

    /// <summary>Of the incident's own fingerprint.</summary>
    public static DetectionFold Fold(params Detection[] detections) =>
        new(Lead, Nowhere, [new FoldPart(Lead, "", detections)]);

    /// <summary>Of others that are folded into it.</summary>
    public static DetectionFold Symptoms(params (Detection Detection, string Why)[] parts) =>
        new(Lead, Nowhere, [.. parts.Select(part => new FoldPart(Fingerprint.Of(part.Detection), part.Why, [part.Detection]))]);

    public static Detection At(long second) => new()
    {
        Id = Detection.IdOf("web-1", DetectionKind.Joint, "behaviour", 1000, Start + (second * 1000)),
        Entity = "web-1",
        Kind = DetectionKind.Joint,
        Cause = "behaviour",
        T = Start + (second * 1000),
        Since = Start + (second * 1000),
        CadenceMs = 1000,
        Score = 0.8,
        P = 1e-5,
        Summary = "cpu is busy",
    };

    public static Detection Breach(long second, double medianSeconds, ForecastCourse course = ForecastCourse.Ahead) => At(second) with
    {
        Id = Detection.IdOf("web-1", DetectionKind.PredictedBreach, "behaviour", 1000, Start + (second * 1000)),
        Kind = DetectionKind.PredictedBreach,
        P = null,
        Summary = "the disk fills up",
        Forecast = new Forecast
        {
            Series = "d15c",
            Limit = 1,
            P5m = 0.1,
            P15m = 0.5,
            P60m = 0.8,
            MedianSeconds = medianSeconds,
            LowSeconds = medianSeconds / 2,
            HighSeconds = medianSeconds * 2,
            Course = course,
        },
    };

    static string Lead { get; } = Fingerprint.Of(At(0));

    static IReadOnlyDictionary<string, string> Nowhere { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
