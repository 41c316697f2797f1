using Microsoft.Data.Sqlite;

namespace DevSidecar.Actors;

/// <summary>Reminders on disk. Calls are serialised; there are few of them.</summary>
sealed class ReminderStore : IDisposable
{
    /// <summary>Counts changes that programs before them would misread.</summary>
    const int Format = 1;

    readonly Lock _lock = new();
    readonly SqliteConnection _connection;

    public ReminderStore(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        _connection = new(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();
        FileFormat.Claim(_connection, Format);
        using var command = _connection.CreateCommand();
        command.CommandText = """
            PRAGMA journal_mode=WAL;
            PRAGMA synchronous=NORMAL;
            CREATE TABLE IF NOT EXISTS reminders (
                type TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, data TEXT, due_text TEXT NOT NULL, period_text TEXT NOT NULL, ttl_text TEXT,
                due INTEGER NOT NULL, period INTEGER, left INTEGER NOT NULL, expires INTEGER, PRIMARY KEY (type, id, name)) WITHOUT ROWID;
            """;
        command.ExecuteNonQuery();
        AddFailurePolicy(command);
    }

    public IReadOnlyList<Reminder> All()
    {
        lock (_lock)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = "SELECT type, id, name, data, due_text, period_text, ttl_text, due, period, left, expires, retry_interval, retries FROM reminders";
            using var reader = command.ExecuteReader();
            var reminders = new List<Reminder>();
            while (reader.Read())
            {
                reminders.Add(new(
                    new(reader.GetString(0), reader.GetString(1)), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3),
                    reader.GetString(4), reader.GetString(5), reader.IsDBNull(6) ? null : reader.GetString(6),
                    DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(7)),
                    reader.IsDBNull(8) ? null : TimeSpan.FromMilliseconds(reader.GetInt64(8)), reader.GetInt32(9),
                    reader.IsDBNull(10) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(10)),
                    new(TimeSpan.FromMilliseconds(reader.GetInt64(11)), reader.IsDBNull(12) ? null : reader.GetInt32(12))));
            }

            return reminders;
        }
    }

    public void Save(Reminder reminder) => Execute(
        """
        INSERT INTO reminders (type, id, name, data, due_text, period_text, ttl_text, due, period, left, expires, retry_interval, retries)
        VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (type, id, name) DO UPDATE SET data = excluded.data, due_text = excluded.due_text, period_text = excluded.period_text,
            ttl_text = excluded.ttl_text, due = excluded.due, period = excluded.period, left = excluded.left, expires = excluded.expires,
            retry_interval = excluded.retry_interval, retries = excluded.retries
        """,
        reminder.Actor.Type, reminder.Actor.Id, reminder.Name, reminder.Data, reminder.DueText, reminder.PeriodText, reminder.TtlText,
        reminder.Due.ToUnixTimeMilliseconds(), (long?)reminder.Period?.TotalMilliseconds, reminder.Left, reminder.Expires?.ToUnixTimeMilliseconds(),
        (long)reminder.OnFailure.Interval.TotalMilliseconds, reminder.OnFailure.MaxRetries);

    public void Delete(ActorId actor, string name) =>
        Execute("DELETE FROM reminders WHERE type = $0 AND id = $1 AND name = $2", actor.Type, actor.Id, name);

    public void Dispose() => _connection.Dispose();

    /// <summary>Files from before reminders had policies get the columns, and their reminders the policy that was in force.</summary>
    static void AddFailurePolicy(SqliteCommand command)
    {
        command.CommandText = "SELECT COUNT(*) FROM pragma_table_info('reminders') WHERE name = 'retry_interval'";
        if (command.ExecuteScalar() is 0L)
        {
            command.CommandText = """
                ALTER TABLE reminders ADD COLUMN retry_interval INTEGER NOT NULL DEFAULT 1000;
                ALTER TABLE reminders ADD COLUMN retries INTEGER DEFAULT 3;
                """;
            command.ExecuteNonQuery();
        }
    }

    void Execute(string sql, params ReadOnlySpan<object?> values)
    {
        lock (_lock)
        {
            using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // both texts are constants above
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters.AddWithValue($"${i}", values[i] ?? DBNull.Value);
            }

            command.ExecuteNonQuery();
        }
    }
}
