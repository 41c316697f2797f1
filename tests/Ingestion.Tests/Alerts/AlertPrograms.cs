using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.Ingestion.Tests;

/// <summary>What tests of alerts read.</summary>
static class AlertPrograms
{
    /// <summary>What was published of alerts, in the order of its arrival.</summary>
    public static IReadOnlyList<Detection> Detections(RunningIngestion ingestion) =>
    [
        .. ingestion.Sidecar.Published.Where(message => message.Topic == Topics.Detections)
            .Select(message => JsonSerializer.Deserialize(message.Data, ContractJson.Default.Detection)!).Where(detection => detection.Kind == DetectionKind.External),
    ];
}
