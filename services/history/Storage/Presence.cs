using System.Collections.Concurrent;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>
/// Keeps <c>entity_schemas</c>: when each entity was first and last seen with each schema. The last time may lag by
/// <see cref="Resolution"/>, so that a tick does not cost an update.
/// </summary>
sealed class Presence
{
    const long Resolution = 15_000;

    const string Touch = """
        INSERT INTO history.entity_schemas AS p (entity, schema, first_seen, last_seen)
        SELECT * FROM unnest($1, $2, $3, $4) AS n(entity, schema, first_seen, last_seen) ORDER BY n.entity, n.schema
        ON CONFLICT (entity, schema) DO UPDATE
        SET first_seen = LEAST(p.first_seen, excluded.first_seen), last_seen = GREATEST(p.last_seen, excluded.last_seen)
        """;

    readonly ConcurrentDictionary<(int Entity, int Schema), (long First, long Last)> _written = new();

    /// <summary>Writes what has moved far enough, in the transaction of <paramref name="connection"/>; the result goes to <see cref="Committed"/> after it.</summary>
    public async Task<IReadOnlyDictionary<(int, int), (long First, long Last)>> TouchAsync(
        NpgsqlConnection connection, IReadOnlyDictionary<(int Entity, int Schema), (long First, long Last)> seen, CancellationToken cancellationToken)
    {
        var moved = seen.Where(pair => HasMoved(pair.Key, pair.Value)).ToDictionary();
        if (moved.Count == 0)
            return moved;
        await using var command = new NpgsqlCommand(Touch, connection);
        command.Parameters.Add(new() { Value = moved.Keys.Select(key => key.Entity).ToArray() });
        command.Parameters.Add(new() { Value = moved.Keys.Select(key => key.Schema).ToArray() });
        command.Parameters.Add(Seal.Times(moved.Values.Select(span => span.First)));
        command.Parameters.Add(Seal.Times(moved.Values.Select(span => span.Last)));
        await command.ExecuteNonQueryAsync(cancellationToken);
        return moved;
    }

    public void Committed(IReadOnlyDictionary<(int Entity, int Schema), (long First, long Last)> moved)
    {
        foreach (var (key, span) in moved)
            _written.AddOrUpdate(key, span, (_, old) => (Math.Min(old.First, span.First), Math.Max(old.Last, span.Last)));
    }

    bool HasMoved((int, int) key, (long First, long Last) span) =>
        !_written.TryGetValue(key, out var old) || span.First < old.First || span.Last >= old.Last + Resolution;
}
