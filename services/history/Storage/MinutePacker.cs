using System.Globalization;
using Forewarn.History.RollUps;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>
/// Writes rows of sealed minutes to <c>ticks_packed</c> and deletes those that it replaces, in the roller's transaction. Rows
/// of an entity should come one after the other: when another one begins, they are packed, so that there are few in memory.
/// </summary>
sealed class MinutePacker : IDisposable
{
    const string Copy = "COPY history.ticks_packed (t, entity, schema, offsets, values) FROM STDIN (FORMAT BINARY)";

    readonly CopyRows _packed = new(1 << 16);
    readonly HashSet<DateOnly> _days = [];
    readonly Dictionary<string, List<string>> _replaced = new(StringComparer.Ordinal);
    readonly Dictionary<(int Schema, long Minute, int Columns), List<(int Offset, double[] Values)>> _rows = [];
    int _entity;

    public void Add(int entity, int schema, long t, double[] values)
    {
        if (entity != _entity)
            Pack();
        _entity = entity;
        var minute = Level.Minute.Floor(t);
        if (!_rows.TryGetValue((schema, minute, values.Length), out var rows))
            _rows.Add((schema, minute, values.Length), rows = []);
        rows.Add(((int)(t - minute), values));
    }

    /// <summary>Notes where a stored row lies that what is packed replaces.</summary>
    /// <param name="table">As PostgreSQL quotes it.</param>
    /// <param name="place">Its ctid.</param>
    public void Replace(string table, string place)
    {
        if (!_replaced.TryGetValue(table, out var places))
            _replaced.Add(table, places = []);
        places.Add(place);
    }

    public async Task WriteAsync(NpgsqlConnection connection, Partitions partitions, CancellationToken cancellationToken)
    {
        Pack();
        // By their place, and not by their time: a late row that was committed since they were read stays, it has a mark of its own.
        foreach (var (table, places) in _replaced)
        {
            await using var delete = new NpgsqlCommand($"DELETE FROM {table} WHERE ctid = ANY($1::text[]::tid[])", connection)
            {
                Parameters = { new() { Value = places.ToArray() } },
            };
            var deleted = await delete.ExecuteNonQueryAsync(cancellationToken);
            if (deleted != places.Count)
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{places.Count - deleted} of {places.Count} rows of {table} vanished while they were packed: only the roller may delete rows of it."));
        }
        if (_days.Count == 0)
            return;
        await partitions.EnsureAsync(StreamTable.Ticks.Packed, _days, cancellationToken);
        await DeliveryRows.SendAsync(connection, Copy, _packed, cancellationToken);
    }

    public void Dispose() => _packed.Dispose();

    void Pack()
    {
        foreach (var ((schema, minute, columns), rows) in _rows)
        {
            _days.Add(Partitions.DayOf(minute));
            foreach (var packed in PackedMinute.Of(rows, columns))
            {
                _packed.StartRow(5);
                _packed.WriteTime(minute);
                _packed.Write(_entity);
                _packed.Write(schema);
                _packed.Write(packed.Offsets);
                _packed.Write(packed.Values);
            }
        }
        _rows.Clear();
    }
}
