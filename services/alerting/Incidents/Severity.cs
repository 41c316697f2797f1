using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>How bad: by kind, by rarity, by breadth, by time left.</summary>
static class Severity
{
    const double CriticalP = 1e-6;
    const double BroadP = 1e-4;
    const double BroadZ = 6;
    const int BroadMetrics = 3;
    const int BroadEntities = 3;
    const double CriticalBreachSeconds = 600;

    /// <summary>The silence of a whole entity has this cause; that of one metric belongs to its behaviour.</summary>
    const string SilenceOfAll = "silence";

    public static IncidentSeverity Of(Detection detection) => detection.Severity ?? detection.Kind switch
    {
        DetectionKind.Silence when detection.Cause == SilenceOfAll => IncidentSeverity.Critical,
        DetectionKind.Silence or DetectionKind.FlatLine => IncidentSeverity.Warning,
        DetectionKind.DataQuality => IncidentSeverity.Info,
        DetectionKind.PredictedBreach => OfBreach(detection.Forecast),
        _ => IsRare(detection) ? IncidentSeverity.Critical : IncidentSeverity.Warning,
    };

    /// <summary>What reaches several entities is worse than what reaches one.</summary>
    public static IncidentSeverity Broadened(IncidentSeverity severity, int entities) =>
        entities >= BroadEntities && severity == IncidentSeverity.Warning ? IncidentSeverity.Critical : severity;

    static IncidentSeverity OfBreach(Forecast? forecast) => forecast switch
    {
        { Course: ForecastCourse.Reached } => IncidentSeverity.Critical,
        { Course: ForecastCourse.Ahead, MedianSeconds: <= CriticalBreachSeconds } => IncidentSeverity.Critical,
        _ => IncidentSeverity.Warning,
    };

    static bool IsRare(Detection detection) =>
        detection.P <= CriticalP
        || (detection.P <= BroadP && detection.Contributors.Count(contributor => Math.Abs(contributor.Z) >= BroadZ) >= BroadMetrics);
}
