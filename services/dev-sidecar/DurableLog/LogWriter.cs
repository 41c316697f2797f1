using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace DevSidecar.DurableLog;

/// <summary>
/// The one thread that writes. It takes whatever waits, commits it as one chunk, and only then tells publishers and
/// consumers: under load commits grow by themselves, idle it sleeps.
/// </summary>
sealed class LogWriter : IAsyncDisposable
{
    const int MaxChunkBytes = 4 * 1024 * 1024;
    const int MaxRequestsPerCommit = 1024;
    const int TrimStep = 32;
    const int Idle = 0, Copying = 1, Copied = 2;
    const long CheckpointBytes = 16 * 1024 * 1024;

    readonly EmbeddedLogOptions _options;
    readonly LogDatabase _database;
    readonly RetentionQueue _retention;
    readonly Func<int, Partition> _partitionById;
    readonly ConcurrentDictionary<(string Group, int TopicPartition), long> _positions;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly BlockingCollection<Request> _queue = [];
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    readonly TailBudget _tail;
    long _sinceCheckpoint;
    int _checkpoint;

    public LogWriter(
        EmbeddedLogOptions options, LogDatabase database, RetentionQueue retention, Func<int, Partition> partitionById,
        ConcurrentDictionary<(string Group, int TopicPartition), long> positions, TimeProvider time, ILogger logger)
    {
        (_options, _database, _retention, _partitionById) = (options, database, retention, partitionById);
        (_positions, _time, _logger) = (positions, time, logger);
        _tail = new(options.TailBytes);
        new Thread(Run) { IsBackground = true, Name = "dev-sidecar log" }.Start();
    }

    public long Bytes => _retention.Bytes;

    public Task Append(Topic topic, IReadOnlyList<NewRecord> records) => Enqueue(new(topic, records, null));

    public Task StorePositions(IReadOnlyList<StoredPosition> positions) => Enqueue(new(null, [], positions));

    /// <summary>Asks for a look at retention; returns at once.</summary>
    public void Trim()
    {
        if (!_queue.IsAddingCompleted)
        {
            _ = Enqueue(new(null, [], null));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.CompleteAdding();
        await _ended.Task;
        _queue.Dispose();
    }

    Task Enqueue(Request request)
    {
        try
        {
            _queue.Add(request);
            return request.Done.Task;
        }
        catch (InvalidOperationException)
        {
            return Task.FromException(new LogUnavailableException("the log is shutting down"));
        }
    }

    void Run()
    {
        var batch = new List<Request>();
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            var bytes = first.Bytes;
            while (bytes < MaxChunkBytes && batch.Count < MaxRequestsPerCommit && _queue.TryTake(out var next))
            {
                batch.Add(next);
                bytes += next.Bytes;
            }

            Process(batch);
        }

        _ended.SetResult();
    }

    void Process(List<Request> batch)
    {
        Guarded(batch.FindAll(r => r.Positions is not null), StorePositions);
        Guarded(batch.FindAll(r => r.Topic is not null), Append);
        Guarded(batch.FindAll(r => r is { Topic: null, Positions: null }), static _ => { });
        Guarded([], _ => TrimOnce());
    }

    /// <summary>Runs one step; its requests succeed or fail together, and the thread lives on.</summary>
    void Guarded(List<Request> requests, Action<List<Request>> step)
    {
        try
        {
            step(requests);
            requests.ForEach(r => r.Done.TrySetResult());
        }
        catch (LogUnavailableException e)
        {
            requests.ForEach(r => r.Done.TrySetException(e));
        }
#pragma warning disable CA1031 // an exception that left this thread would end the process and every sidecar in it
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.LogWriteFailed(_logger, e);
            var error = new LogUnavailableException(
                $"the durable log cannot write ({e.Message.TrimEnd('.')}); free disk space or check the data directory, then publish again", e);
            requests.ForEach(r => r.Done.TrySetException(error));
        }
    }

    void StorePositions(List<Request> requests)
    {
        if (requests.Count > 0)
        {
            _database.StorePositions([.. requests.SelectMany(r => r.Positions!)]);
        }
    }

    void EnsureRoom()
    {
        while (_retention.Bytes >= _options.RetentionBytes)
        {
            if (!TrimOnce())
            {
                throw new LogUnavailableException(
                    $"the durable log is full ({_options.RetentionBytes} bytes) and its oldest records are not read yet; let the slow consumer catch up or raise the log's retention size");
            }
        }
    }

    void Append(List<Request> appends)
    {
        if (appends.Count > 0)
        {
            EnsureRoom();
            Commit(appends);
        }
    }

    void Commit(List<Request> appends)
    {
        var sequence = _retention.LastSequence + 1;
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var byPartition = new Dictionary<Partition, List<LogRecord>>();
        _buffer.ResetWrittenCount();
        foreach (var request in appends)
        {
            foreach (var record in request.Records)
            {
                var partition = request.Topic!.Partitions[record.Partition];
                if (!byPartition.TryGetValue(partition, out var list))
                {
                    byPartition[partition] = list = [];
                }

                var stored = new LogRecord(partition.Next + list.Count, now, record.Key, record.Headers, record.Value);
                list.Add(stored);
                ChunkCodec.Write(_buffer, partition.Id, stored);
            }
        }

        var slices = byPartition.Select(p => new ChunkSlice(p.Key.Id, p.Value[0].Offset, p.Value.Count)).ToArray();
        _database.AppendChunk(sequence, now, ChunkCodec.EncodeIndex(slices), _buffer.WrittenSpan);
        _retention.Added(sequence, _buffer.WrittenCount);
        foreach (var (partition, records) in byPartition)
        {
            partition.Committed(records, sequence);
            _tail.Added(partition, records);
        }

        appends.ForEach(r => r.Done.TrySetResult());
        foreach (var partition in byPartition.Keys)
        {
            partition.Topic.OnAppended(partition);
        }

        Checkpoint(_buffer.WrittenCount);
    }

    /// <summary>Deletes a few of the oldest chunks when they may go; deletion is spread over many commits.</summary>
    bool TrimOnce()
    {
        var oldest = (_time.GetUtcNow() - _options.Retention).ToUnixTimeMilliseconds();
        var readByAll = _retention.Bytes > _options.RetentionBytes * 9 / 10 ? RetentionQueue.ReadByAll(_positions) : [];
        var taken = _retention.Deletable(TrimStep, _options.RetentionBytes * 9 / 10, oldest, readByAll);
        if (taken.Count == 0)
        {
            return false;
        }

        var ids = taken.SelectMany(c => c.Slices).Select(s => s.TopicPartition).Distinct();
        _database.DeleteChunks(taken[^1].Sequence, ids.Select(id => (id, _partitionById(id).Next)));
        _retention.Deleted(taken.Count);
        foreach (var slice in taken.SelectMany(c => c.Slices))
        {
            _partitionById(slice.TopicPartition).Deleted(slice);
        }

        if (taken.Count == TrimStep)
        {
            Trim();
        }

        return true;
    }

    /// <summary>
    /// Copies the write-ahead log into the file beside the writer (it does not block commits), then empties it from the
    /// writer, which by then has little left to copy. Left to SQLite, a commit would pay for the whole copy.
    /// </summary>
    void Checkpoint(int written)
    {
        _sinceCheckpoint += written;
        if (Interlocked.CompareExchange(ref _checkpoint, Idle, Copied) == Copied)
        {
            _database.Checkpoint(passive: false);
            _sinceCheckpoint = 0;
        }
        else if (_sinceCheckpoint > CheckpointBytes && Interlocked.CompareExchange(ref _checkpoint, Copying, Idle) == Idle)
        {
            _ = Task.Run(() =>
            {
                try
                {
                    _database.Checkpoint(passive: true);
                }
                catch (SqliteException e)
                {
                    Log.LogWriteFailed(_logger, e);
                }
                finally
                {
                    Volatile.Write(ref _checkpoint, Copied);
                }
            });
        }
    }

    sealed record Request(Topic? Topic, IReadOnlyList<NewRecord> Records, IReadOnlyList<StoredPosition>? Positions)
    {
        public int Bytes { get; } = Records.Sum(r => r.Value.Length + 64);

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Keeps the records held in memory under a budget, dropping the oldest over all partitions first.</summary>
    sealed class TailBudget(long maxBytes)
    {
        readonly Queue<(Partition Partition, int Count, long Bytes)> _held = new();
        long _bytes;

        public void Added(Partition partition, List<LogRecord> records)
        {
            var bytes = records.Sum(r => (long)r.Weight);
            _held.Enqueue((partition, records.Count, bytes));
            _bytes += bytes;
            while (_bytes > maxBytes && _held.TryDequeue(out var oldest))
            {
                oldest.Partition.Evict(oldest.Count);
                _bytes -= oldest.Bytes;
            }
        }
    }
}
