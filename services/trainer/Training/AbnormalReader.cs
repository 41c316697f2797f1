using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>What is known of times that were no normal behaviour.</summary>
/// <param name="Incidents">By entity.</param>
/// <param name="Said">What people said, newest first.</param>
/// <param name="Excluded">Times that people have left out.</param>
/// <param name="Now">Unix milliseconds.</param>
sealed record AbnormalTimes(ILookup<string, IncidentEvent> Incidents, IReadOnlyList<FeedbackEvent> Said, IReadOnlyList<Exclusion> Excluded, long Now)
{
    /// <summary>Those of an entity, see <see cref="LeftOut"/>.</summary>
    public IReadOnlyList<(long From, long To)> Of(string entity) => LeftOut.Of(entity, Incidents[entity], Said, Excluded, Now);
}

/// <summary>Reads once for a training what it has to leave out.</summary>
sealed class AbnormalReader(HistoryReader history, FeedbackStore feedback, ExclusionStore exclusions)
{
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    public async Task<AbnormalTimes> ReadAsync(long since, long now, CancellationToken cancellationToken) => new(
        (await history.IncidentsAsync(since, cancellationToken)).ToLookup(incident => incident.Entity, StringComparer.Ordinal),
        [.. (await feedback.ReadAsync(cancellationToken)).Entries.Select(entry => entry.Event)],
        (await exclusions.ReadAsync(cancellationToken)).Items,
        now);
}
