using System.Globalization;
using System.Text.Json;
using Forewarn.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>Incidents, each as its newest revision.</summary>
sealed class IncidentStore(NpgsqlDataSource database, StorageState state)
{
    const string Upsert = """
        INSERT INTO history.incidents AS i (id, revision, entity, status, opened_at, updated_at, body, entities)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (id) DO UPDATE
        SET revision = excluded.revision, entity = excluded.entity, status = excluded.status, opened_at = excluded.opened_at,
            updated_at = excluded.updated_at, body = excluded.body, entities = excluded.entities
        WHERE i.revision < excluded.revision
        """;

    /// <summary>Stores events whose revision is higher than the stored one, and what they predict in the lead-time ledger; all of them or, by an exception, none.</summary>
    public async Task StoreAsync(IReadOnlyList<IncidentEvent> events, CancellationToken cancellationToken)
    {
        state.EnsureMigrated();
        // One row per incident, in one order: two replicas with the same incidents must not lock each other out.
        var newest = events.GroupBy(incident => incident.Id, StringComparer.Ordinal)
            .Select(group => group.MaxBy(incident => incident.Revision)!)
            .OrderBy(incident => incident.Id, StringComparer.Ordinal);
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection, transaction);
            foreach (var incident in newest)
                batch.BatchCommands.Add(UpsertOf(incident));
            LeadTimeWriter.AddTo(batch, events);
            await batch.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            state.Answers();
        }
        catch (NpgsqlException error)
        {
            state.Failed(error);
            throw;
        }
    }

    public async Task<IncidentEvent?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT body::text FROM history.incidents WHERE id = $1");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteScalarAsync(cancellationToken) is string body ? Read(body) : null;
    }

    /// <summary>Incidents, newest first, from the one after <paramref name="after"/>.</summary>
    /// <param name="entity">One that they concern, first or folded in; null = all.</param>
    /// <param name="statuses">Empty = all.</param>
    /// <param name="span">Unresolved at some time of it, the end exclusive; unix milliseconds.</param>
    public async Task<List<IncidentEvent>> ListAsync(
        string? entity, IReadOnlyList<IncidentStatus> statuses, (long From, long To) span, IncidentCursor? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT body::text FROM history.incidents
            WHERE ($1::text IS NULL OR entities @> ARRAY[$1]) AND (cardinality($2::text[]) = 0 OR status = ANY($2))
              AND ($3::bigint IS NULL OR (opened_at, id) < ($3, $4))
              AND opened_at < $7 AND ($6 = 0 OR coalesce((body ->> 'resolvedAt')::bigint, $6) >= $6)
            ORDER BY opened_at DESC, id DESC LIMIT $5
            """);
        command.Parameters.Add(Text(entity));
        command.Parameters.Add(new() { Value = statuses.Select(Word).ToArray() });
        command.Parameters.Add(new() { Value = (object?)after?.OpenedAt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(Text(after?.Id));
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(new() { Value = span.From });
        command.Parameters.Add(new() { Value = span.To });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var incidents = new List<IncidentEvent>();
        while (await reader.ReadAsync(cancellationToken))
            incidents.Add(Read(reader.GetString(0)));
        return incidents;
    }

    static NpgsqlBatchCommand UpsertOf(IncidentEvent incident) => new(Upsert)
    {
        Parameters =
        {
            new() { Value = incident.Id },
            new() { Value = incident.Revision },
            new() { Value = incident.Entity },
            new() { Value = Word(incident.Status) },
            new() { Value = incident.OpenedAt },
            new() { Value = incident.UpdatedAt },
            new() { Value = JsonSerializer.Serialize(incident, ContractJson.Default.IncidentEvent), NpgsqlDbType = NpgsqlDbType.Jsonb },
            new() { Value = EntitiesOf(incident) },
        },
    };

    static string[] EntitiesOf(IncidentEvent incident) => [.. incident.Entities.Prepend(incident.Entity).Distinct(StringComparer.Ordinal)];

    static string Word(IncidentStatus status) => status.ToString().ToLower(CultureInfo.InvariantCulture);

    static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    static IncidentEvent Read(string body) => JsonSerializer.Deserialize(body, ContractJson.Default.IncidentEvent)!;
}

/// <summary>Where a page of incidents ended.</summary>
readonly record struct IncidentCursor(long OpenedAt, string Id)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{OpenedAt}.{Id}");

    public static bool TryParse(string text, out IncidentCursor cursor)
    {
        cursor = default;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1 || !long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var openedAt))
            return false;
        cursor = new IncidentCursor(openedAt, text[(dot + 1)..]);
        return true;
    }
}
