using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>How bad: by kind, by rarity, by time left.</summary>
static class Severity
{
    const double CriticalP = 1e-6;
    const double CriticalBreachSeconds = 600;

    public static IncidentSeverity Of(Detection detection) => detection.Kind switch
    {
        DetectionKind.Silence or DetectionKind.DropToZero => IncidentSeverity.Critical,
        DetectionKind.DataQuality => IncidentSeverity.Info,
        DetectionKind.PredictedBreach => detection.Forecast is { MedianSeconds: <= CriticalBreachSeconds }
            ? IncidentSeverity.Critical
            : IncidentSeverity.Warning,
        _ => detection.P is <= CriticalP ? IncidentSeverity.Critical : IncidentSeverity.Warning,
    };
}
