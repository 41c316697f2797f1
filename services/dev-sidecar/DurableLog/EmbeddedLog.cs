using System.Collections.Concurrent;

namespace DevSidecar.DurableLog;

/// <summary>
/// A durable partitioned log with Kafka's semantics in one process: topics with partitions, ordered appends acknowledged
/// after commit, stored group positions, retention by bytes and age. One thread writes and commits in groups.
/// </summary>
sealed class EmbeddedLog : IAsyncDisposable
{
    readonly EmbeddedLogOptions _options;
    readonly LogDatabase _database;
    readonly LogWriter _writer;
    readonly ChunkCache _chunks;
    readonly ConcurrentDictionary<string, Topic> _topics = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<int, Topic> _byId = new();
    readonly ConcurrentDictionary<(string Group, int TopicPartition), long> _positions = new();
    readonly PositionStore _positionStore;
    readonly Lock _topicLock = new();
    readonly ITimer _ageTimer;

    public EmbeddedLog(EmbeddedLogOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.File))!);
        _database = new(options.File);
        _chunks = new(_database);
        DeadLetters = new(_database);
        var (bytes, last) = Restore();
        foreach (var stored in _database.Positions())
        {
            _positions[(stored.Group, stored.TopicPartition)] = stored.Offset;
        }

        _writer = new(options, _database, new(_database, bytes, last), PartitionById, _positions, time, logger);
        _positionStore = new(_writer, options.PositionFlush, time);
        _ageTimer = time.CreateTimer(_ => _writer.Trim(), null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
    }

    public IReadOnlyCollection<Topic> Topics => [.. _topics.Values];

    public DeadLetterLedger DeadLetters { get; }

    /// <summary>Bytes of all records kept.</summary>
    public long Bytes => _writer.Bytes;

    /// <summary>The topic, or null when nobody has used it yet.</summary>
    public Topic? FindTopic(string name) => _topics.GetValueOrDefault(name);

    /// <summary>The topic; created with the configured number of partitions when it is new.</summary>
    public Topic Topic(string name)
    {
        if (_topics.TryGetValue(name, out var topic))
        {
            return topic;
        }

        lock (_topicLock)
        {
            return _topics.GetOrAdd(name, n => Add(new(_database.AddTopic(n, _options.Partitions), n, _options.Partitions)));
        }
    }

    /// <summary>Appends in the given order per partition; completes when everything is committed.</summary>
    /// <exception cref="LogUnavailableException">The log is full, the disk is, or a record is too large. Nothing was appended.</exception>
    public Task AppendAsync(Topic topic, IReadOnlyList<NewRecord> records)
    {
        foreach (var record in records)
        {
            if (record.Value.Length > _options.MaxRecordBytes)
            {
                throw new LogUnavailableException(
                    $"a record of {record.Value.Length} bytes for topic '{topic.Name}' exceeds the limit of {_options.MaxRecordBytes} bytes; publish smaller messages");
            }
        }

        return records.Count == 0 ? Task.CompletedTask : _writer.Append(topic, records);
    }

    /// <summary>Reads committed records in order, from memory when possible. The list is empty at the end of the partition.</summary>
    public List<LogRecord> Read(Partition partition, long offset, int maxCount)
    {
        var records = new List<LogRecord>(Math.Min(maxCount, 64));
        offset = Math.Max(offset, partition.Start);
        if (partition.TryReadTail(offset, maxCount, records))
        {
            return records;
        }

        while (records.Count < maxCount && partition.FindChunk(offset) is { } sequence)
        {
            var before = records.Count;
            foreach (var record in _chunks.Get(sequence, partition.Id))
            {
                if (record.Offset >= offset && records.Count < maxCount)
                {
                    records.Add(record);
                }
            }

            if (records.Count == before)
            {
                // Retention took the chunk away between the look-up and the read.
                if (partition.Start <= offset)
                {
                    break;
                }

                offset = partition.Start;
                continue;
            }

            offset = records[^1].Offset + 1;
        }

        return records;
    }

    public long? Position(string group, Partition partition) =>
        _positions.TryGetValue((group, partition.Id), out var offset) ? offset : null;

    /// <summary>Remembers a position. A transient group's position is not written and protects nothing from retention.</summary>
    public void SetPosition(string group, Partition partition, long offset, bool transient)
    {
        if (transient)
        {
            return;
        }

        _positions[(group, partition.Id)] = offset;
        _positionStore.Changed(group, partition.Id, offset);
    }

    /// <summary>Waits until every position set so far is on disk.</summary>
    public Task FlushPositionsAsync() => _positionStore.FlushAsync();

    public async ValueTask DisposeAsync()
    {
        await _ageTimer.DisposeAsync();
        await _positionStore.DisposeAsync();
        await _writer.DisposeAsync();
        _database.Dispose();
    }

    Topic Add(Topic topic) => _byId[topic.Id] = topic;

    Partition PartitionById(int id) => _byId[id >> 12].Partitions[id & 0xFFF];

    (long Bytes, long LastSequence) Restore()
    {
        foreach (var (id, name, count) in _database.Topics())
        {
            _topics[name] = Add(new(id, name, count));
        }

        foreach (var (topicPartition, next) in _database.NextOffsets())
        {
            PartitionById(topicPartition).RestoreNext(next);
        }

        var (bytes, last) = (0L, 0L);
        _database.ForEachChunk(chunk =>
        {
            (bytes, last) = (bytes + chunk.Bytes, chunk.Sequence);
            foreach (var slice in chunk.Slices)
            {
                PartitionById(slice.TopicPartition).Restore(slice, chunk.Sequence);
            }
        });
        return (bytes, last);
    }
}
