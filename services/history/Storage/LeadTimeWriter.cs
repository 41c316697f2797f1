using System.Text.Json;
using Forewarn.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>
/// Enters the predictions of incidents into the lead-time ledger, in the transaction that stores these. A line is an incident's
/// prediction by when it was said, in the newest revision that tells of it. One that is settled stays; one that still waited when
/// the incident went on to another prediction goes, since nobody will settle it.
/// </summary>
static class LeadTimeWriter
{
    const string Upsert = """
        INSERT INTO history.lead_times AS l (incident, said_at, revision, entity, outcome, outcome_at, earliest_at, latest_at, probability, body)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
        WHERE $5 <> 'pending' OR NOT EXISTS (SELECT FROM history.incidents WHERE id = $1 AND revision > $3)
        ON CONFLICT (incident, said_at) DO UPDATE
        SET revision = excluded.revision, entity = excluded.entity, outcome = excluded.outcome, outcome_at = excluded.outcome_at,
            earliest_at = excluded.earliest_at, latest_at = excluded.latest_at, probability = excluded.probability, body = excluded.body
        WHERE l.revision < excluded.revision
        """;

    const string DropSuperseded = """
        DELETE FROM history.lead_times l USING history.incidents i
        WHERE l.incident = $1 AND i.id = $1 AND l.outcome = 'pending' AND l.revision < i.revision
          AND l.said_at IS DISTINCT FROM (i.body #>> '{prediction,saidAt}')::bigint
        """;

    /// <summary>Adds what has to be done after the incidents themselves are stored, in one order of incidents.</summary>
    /// <param name="events">All of a delivery, older revisions too: they may settle a prediction that newer ones do not name any more.</param>
    /// <param name="batch">Of the incidents' transaction.</param>
    public static void AddTo(NpgsqlBatch batch, IEnumerable<IncidentEvent> events)
    {
        foreach (var group in events.GroupBy(incident => incident.Id, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            foreach (var incident in group.OrderBy(incident => incident.Revision))
            {
                if (incident.Prediction is { } prediction)
                    batch.BatchCommands.Add(UpsertOf(incident, prediction));
            }
            batch.BatchCommands.Add(new NpgsqlBatchCommand(DropSuperseded) { Parameters = { new() { Value = group.Key } } });
        }
    }

    static NpgsqlBatchCommand UpsertOf(IncidentEvent incident, BreachPrediction prediction) => new(Upsert)
    {
        Parameters =
        {
            new() { Value = incident.Id },
            new() { Value = prediction.SaidAt },
            new() { Value = incident.Revision },
            new() { Value = incident.Entity },
            new() { Value = LeadTimeReader.Word(prediction.Outcome) },
            new() { Value = (object?)prediction.OutcomeAt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
            new() { Value = prediction.EarliestAt },
            new() { Value = prediction.LatestAt },
            new() { Value = prediction.Probability },
            new() { Value = JsonSerializer.Serialize(prediction, ContractJson.Default.BreachPrediction), NpgsqlDbType = NpgsqlDbType.Jsonb },
        },
    };
}
