using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DevSidecar.DurableLog;

/// <summary>A position to store: the next offset a group wants from a partition.</summary>
readonly record struct StoredPosition(string Group, int TopicPartition, long Offset);

/// <summary>A chunk row without its records.</summary>
readonly record struct ChunkHeader(long Sequence, long TimeMs, long Bytes, ChunkSlice[] Slices);

/// <summary>
/// The SQLite file behind the log, in WAL mode with synchronous=NORMAL: a commit has reached the operating system when
/// it returns, so it survives a kill of the process. One connection writes (guarded by <see cref="_write"/>), one reads.
/// </summary>
sealed class LogDatabase : IDisposable
{
    /// <summary>Counts changes that programs before them would misread.</summary>
    const int Format = 1;

    const string Schema = """
        CREATE TABLE IF NOT EXISTS topics (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS chunks (seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, bytes INTEGER NOT NULL, slices BLOB NOT NULL, data BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS partitions (tp INTEGER PRIMARY KEY, next INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS positions (grp TEXT NOT NULL, tp INTEGER NOT NULL, off INTEGER NOT NULL, PRIMARY KEY (grp, tp)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS dead_topics (topic TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (topic, source)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS dead_handled (tp INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (tp, first)) WITHOUT ROWID;
        """;

    readonly Lock _write = new();
    readonly Lock _read = new();
    readonly SqliteConnection _writer;
    readonly SqliteConnection _reader;
    readonly SqliteCommand _begin;
    readonly SqliteCommand _commit;
    readonly sqlite3_stmt _insertChunk;
    readonly SqliteCommand _upsertPosition;
    readonly SqliteCommand _upsertNext;
    readonly SqliteCommand _readChunk;

    public LogDatabase(string file)
    {
        _writer = Open(file);
        Execute(_writer, "PRAGMA page_size=8192");
        Execute(_writer, "PRAGMA journal_mode=WAL");
        Execute(_writer, "PRAGMA synchronous=NORMAL");
        Execute(_writer, "PRAGMA wal_autocheckpoint=0");
        FileFormat.Claim(_writer, Format);
        Execute(_writer, Schema);
        _begin = Command(_writer, "BEGIN IMMEDIATE");
        _commit = Command(_writer, "COMMIT");
        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_prepare_v2(_writer.Handle, "INSERT INTO chunks (seq, time, bytes, slices, data) VALUES (?, ?, ?, ?, ?)", out _insertChunk), _writer.Handle);
        _upsertPosition = Command(_writer, "INSERT INTO positions (grp, tp, off) VALUES ($a, $b, $c) ON CONFLICT DO UPDATE SET off = excluded.off", "$a", "$b", "$c");
        _upsertNext = Command(_writer, "INSERT INTO partitions (tp, next) VALUES ($a, $b) ON CONFLICT DO UPDATE SET next = excluded.next", "$a", "$b");
        _reader = Open(file);
        _readChunk = Command(_reader, "SELECT data FROM chunks WHERE seq = $a", "$a");
    }

    public IReadOnlyList<(int Id, string Name, int Partitions)> Topics()
    {
        lock (_read)
        {
            using var reader = Command(_reader, "SELECT id, name, partitions FROM topics").ExecuteReader();
            var topics = new List<(int, string, int)>();
            while (reader.Read())
            {
                topics.Add((reader.GetInt32(0), reader.GetString(1), reader.GetInt32(2)));
            }

            return topics;
        }
    }

    public int AddTopic(string name, int partitions)
    {
        lock (_write)
        {
            using var command = Command(_writer, "INSERT INTO topics (name, partitions) VALUES ($a, $b) RETURNING id", "$a", "$b");
            command.Parameters[0].Value = name;
            command.Parameters[1].Value = partitions;
            return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        }
    }

    public IReadOnlyList<(int TopicPartition, long Next)> NextOffsets()
    {
        lock (_read)
        {
            using var reader = Command(_reader, "SELECT tp, next FROM partitions").ExecuteReader();
            var rows = new List<(int, long)>();
            while (reader.Read())
            {
                rows.Add((reader.GetInt32(0), reader.GetInt64(1)));
            }

            return rows;
        }
    }

    public IReadOnlyList<StoredPosition> Positions()
    {
        lock (_read)
        {
            using var reader = Command(_reader, "SELECT grp, tp, off FROM positions").ExecuteReader();
            var rows = new List<StoredPosition>();
            while (reader.Read())
            {
                rows.Add(new(reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2)));
            }

            return rows;
        }
    }

    /// <summary>Calls <paramref name="visit"/> for every chunk, oldest first.</summary>
    public void ForEachChunk(Action<ChunkHeader> visit)
    {
        lock (_read)
        {
            using var reader = Command(_reader, "SELECT seq, time, bytes, slices FROM chunks ORDER BY seq").ExecuteReader();
            while (reader.Read())
            {
                visit(Header(reader));
            }
        }
    }

    /// <summary>The oldest chunks.</summary>
    public IReadOnlyList<ChunkHeader> Chunks(int limit)
    {
        lock (_read)
        {
            using var command = Command(_reader, "SELECT seq, time, bytes, slices FROM chunks ORDER BY seq LIMIT $a", "$a");
            command.Parameters[0].Value = limit;
            using var reader = command.ExecuteReader();
            var chunks = new List<ChunkHeader>();
            while (reader.Read())
            {
                chunks.Add(Header(reader));
            }

            return chunks;
        }
    }

    public byte[]? ReadChunk(long sequence)
    {
        lock (_read)
        {
            _readChunk.Parameters[0].Value = sequence;
            return (byte[]?)_readChunk.ExecuteScalar();
        }
    }

    /// <summary>One statement, so a transaction of its own. Bound by hand: a parameter of the provider would need an array of just this size.</summary>
    public void AppendChunk(long sequence, long timeMs, ReadOnlySpan<byte> slices, ReadOnlySpan<byte> data)
    {
        lock (_write)
        {
            _ = raw.sqlite3_bind_int64(_insertChunk, 1, sequence);
            _ = raw.sqlite3_bind_int64(_insertChunk, 2, timeMs);
            _ = raw.sqlite3_bind_int64(_insertChunk, 3, data.Length);
            _ = raw.sqlite3_bind_blob(_insertChunk, 4, slices);
            _ = raw.sqlite3_bind_blob(_insertChunk, 5, data);
            _ = raw.sqlite3_step(_insertChunk);
            // The reset says what became of the step.
            SqliteException.ThrowExceptionForRC(raw.sqlite3_reset(_insertChunk), _writer.Handle);
        }
    }

    public void StorePositions(IReadOnlyCollection<StoredPosition> positions) => InTransaction(() =>
    {
        foreach (var position in positions)
        {
            _upsertPosition.Parameters[0].Value = position.Group;
            _upsertPosition.Parameters[1].Value = position.TopicPartition;
            _upsertPosition.Parameters[2].Value = position.Offset;
            _upsertPosition.ExecuteNonQuery();
        }
    });

    /// <summary>Deletes chunks up to <paramref name="through"/>; the next offsets of their partitions are kept, else they would start at 0 again.</summary>
    public void DeleteChunks(long through, IEnumerable<(int TopicPartition, long Next)> next) => InTransaction(() =>
    {
        using var delete = Command(_writer, "DELETE FROM chunks WHERE seq <= $a", "$a");
        delete.Parameters[0].Value = through;
        delete.ExecuteNonQuery();
        foreach (var (topicPartition, offset) in next)
        {
            _upsertNext.Parameters[0].Value = topicPartition;
            _upsertNext.Parameters[1].Value = offset;
            _upsertNext.ExecuteNonQuery();
        }
    });

    public IReadOnlyList<(string Topic, string Source)> DeadLetterTopics()
    {
        lock (_read)
        {
            using var reader = Command(_reader, "SELECT topic, source FROM dead_topics").ExecuteReader();
            var rows = new List<(string, string)>();
            while (reader.Read())
            {
                rows.Add((reader.GetString(0), reader.GetString(1)));
            }

            return rows;
        }
    }

    public void AddDeadLetterTopic(string topic, string source) => InTransaction(() =>
    {
        using var insert = Command(_writer, "INSERT OR IGNORE INTO dead_topics (topic, source) VALUES ($a, $b)", "$a", "$b");
        insert.Parameters[0].Value = topic;
        insert.Parameters[1].Value = source;
        insert.ExecuteNonQuery();
    });

    public IReadOnlyList<(int TopicPartition, long First, long Last)> HandledDeadLetters()
    {
        lock (_read)
        {
            using var reader = Command(_reader, "SELECT tp, first, last FROM dead_handled").ExecuteReader();
            var rows = new List<(int, long, long)>();
            while (reader.Read())
            {
                rows.Add((reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2)));
            }

            return rows;
        }
    }

    /// <summary>Replaces the ranges of a partition.</summary>
    public void StoreHandledDeadLetters(int topicPartition, IReadOnlyList<(long First, long Last)> ranges) => InTransaction(() =>
    {
        using var delete = Command(_writer, "DELETE FROM dead_handled WHERE tp = $a", "$a");
        delete.Parameters[0].Value = topicPartition;
        delete.ExecuteNonQuery();
        using var insert = Command(_writer, "INSERT INTO dead_handled (tp, first, last) VALUES ($a, $b, $c)", "$a", "$b", "$c");
        foreach (var (first, last) in ranges)
        {
            insert.Parameters[0].Value = topicPartition;
            insert.Parameters[1].Value = first;
            insert.Parameters[2].Value = last;
            insert.ExecuteNonQuery();
        }
    });

    /// <summary>Moves the write-ahead log into the file. Passive runs beside the writer; otherwise the log also begins anew, in the place it has on disk.</summary>
    public void Checkpoint(bool passive)
    {
        if (passive)
        {
            lock (_read)
            {
                Execute(_reader, "PRAGMA wal_checkpoint(PASSIVE)");
            }

            return;
        }

        lock (_write)
        {
            Execute(_writer, "PRAGMA wal_checkpoint(RESTART)");
        }
    }

    public void Dispose()
    {
        _insertChunk.Dispose();
        _writer.Dispose();
        _reader.Dispose();
    }

    void InTransaction(Action action)
    {
        lock (_write)
        {
            _begin.ExecuteNonQuery();
            try
            {
                action();
                _commit.ExecuteNonQuery();
            }
            catch
            {
                // A full disk may have rolled back already; a second rollback then has nothing to do.
                if (raw.sqlite3_get_autocommit(_writer.Handle) == 0)
                {
                    Execute(_writer, "ROLLBACK");
                }

                throw;
            }
        }
    }

    static ChunkHeader Header(SqliteDataReader reader) =>
        new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), ChunkCodec.DecodeIndex((byte[])reader.GetValue(3)));

    static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        Execute(connection, "PRAGMA busy_timeout=5000");
        return connection;
    }

    static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<string> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // every text is a constant of this class
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        }

        return command;
    }

    static void Execute(SqliteConnection connection, string sql)
    {
        using var command = Command(connection, sql);
        command.ExecuteNonQuery();
    }
}
