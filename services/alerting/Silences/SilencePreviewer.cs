using Forewarn.Contracts;

namespace Forewarn.Alerting.Silences;

/// <summary>What a silence would have kept quiet.</summary>
static class SilencePreviewer
{
    const int MostExamples = 20;

    /// <param name="incidents">Newest first.</param>
    /// <param name="from">How far back they go, unix milliseconds.</param>
    public static SilencePreview Of(AlertMatch match, IReadOnlyList<IncidentEvent> incidents, long from)
    {
        var told = incidents.Where(incident => incident.MutedBy is null).ToList();
        var muted = told.Where(incident => AlertMatching.Matches(match, incident)).ToList();
        return new SilencePreview
        {
            From = from,
            Incidents = told.Count,
            Muted = muted.Count,
            Examples =
            [
                .. muted.Take(MostExamples).Select(incident => new MutedIncident(incident.Id, incident.Entity, incident.Severity, incident.Summary, incident.OpenedAt)),
            ],
        };
    }
}
