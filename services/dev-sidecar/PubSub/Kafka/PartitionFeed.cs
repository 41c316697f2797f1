using Confluent.Kafka;
using DevSidecar.DurableLog;

namespace DevSidecar.PubSub.Kafka;

/// <summary>
/// What was fetched from one partition and is not done yet, in order. One delivery at a time holds its head; when the
/// partition is taken away the feed is closed and nothing more is taken from it.
/// </summary>
sealed class PartitionFeed(TopicPartition at, long? start) : IDisposable
{
    readonly Lock _lock = new();
    readonly Queue<(LogRecord Record, long ArrivedAt)> _waiting = new();
    readonly ManualResetEventSlim _idle = new(true);
    bool _backingOff;
    bool _closed;
    int _retries;

    public TopicPartition At => at;

    /// <summary>Fetching is paused. Only the polling thread asks and says so.</summary>
    public bool Paused { get; set; }

    /// <summary>The position the client was last told. Only the polling thread asks and says so.</summary>
    public long? Stored { get; set; } = start;

    /// <summary>The first offset that is not done; null until it is known.</summary>
    public long? Position
    {
        get
        {
            lock (_lock)
            {
                return field;
            }
        }

        private set;
    } = start;

    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    public void Add(LogRecord record, long arrivedAt)
    {
        lock (_lock)
        {
            _waiting.Enqueue((record, arrivedAt));
        }
    }

    /// <summary>Records that could be taken now, and when (timestamp of the time provider) the first of them arrived.</summary>
    public (int Count, long ArrivedAt) Ready()
    {
        lock (_lock)
        {
            return IsReady ? (_waiting.Count, _waiting.Peek().ArrivedAt) : (0, long.MaxValue);
        }
    }

    /// <summary>The first records, which are in flight until <see cref="Complete"/>; none when there is nothing to take now.</summary>
    public List<LogRecord> Take(int max)
    {
        lock (_lock)
        {
            if (!IsReady || max < 1)
            {
                return [];
            }

            _idle.Reset();
            return [.. _waiting.Take(max).Select(w => w.Record)];
        }
    }

    /// <summary>
    /// Ends a delivery: the first <paramref name="done"/> records are finished. With a back-off the next one failed: answers how
    /// long to wait before <see cref="Resume"/>, or skips it when its retries are used up, which <paramref name="skipped"/> is told.
    /// </summary>
    public TimeSpan? Complete(int done, bool failed, BackOff backOff, Action<LogRecord, int> skipped)
    {
        lock (_lock)
        {
            for (var i = 0; i < done; i++)
            {
                Finish();
            }

            TimeSpan? delay = null;
            if (failed && backOff.Exhausted(_retries))
            {
                skipped(_waiting.Peek().Record, _retries);
                Finish();
            }
            else if (failed)
            {
                _backingOff = true;
                delay = backOff.Delay(_retries++);
            }

            _idle.Set();
            return delay;
        }
    }

    public void Resume()
    {
        lock (_lock)
        {
            _backingOff = false;
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }
    }

    /// <summary>Blocks until no delivery is in flight; false when the time is over.</summary>
    public bool WaitIdle(TimeSpan limit) => _idle.Wait(limit);

    public void Dispose() => _idle.Dispose();

    bool IsReady => !_closed && !_backingOff && _idle.IsSet && _waiting.Count > 0;

    void Finish()
    {
        Position = _waiting.Dequeue().Record.Offset + 1;
        _retries = 0;
    }
}
