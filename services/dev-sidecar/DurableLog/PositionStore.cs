namespace DevSidecar.DurableLog;

/// <summary>Collects changed positions and hands them to the writer a little later, all at once. Idle, it does nothing.</summary>
sealed class PositionStore : IAsyncDisposable
{
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    readonly LogWriter _writer;
    readonly TimeSpan _delay;
    readonly ITimer _timer;
    readonly Lock _lock = new();
    Dictionary<(string Group, int TopicPartition), long> _dirty = [];
    bool _armed;

    public PositionStore(LogWriter writer, TimeSpan delay, TimeProvider time)
    {
        _writer = writer;
        _delay = delay;
        _timer = time.CreateTimer(_ => _ = FlushAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Changed(string group, int topicPartition, long offset)
    {
        lock (_lock)
        {
            _dirty[(group, topicPartition)] = offset;
            if (!_armed)
            {
                _armed = true;
                _timer.Change(_delay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public Task FlushAsync()
    {
        Dictionary<(string Group, int TopicPartition), long> dirty;
        lock (_lock)
        {
            _armed = false;
            dirty = _dirty;
            _dirty = [];
        }

        return dirty.Count == 0 ? Task.CompletedTask : StoreAsync(dirty);
    }

    async Task StoreAsync(Dictionary<(string Group, int TopicPartition), long> dirty)
    {
        try
        {
            await _writer.StorePositions([.. dirty.Select(d => new StoredPosition(d.Key.Group, d.Key.TopicPartition, d.Value))]);
        }
        catch (LogUnavailableException)
        {
            // Kept for the next attempt, unless they moved on meanwhile. A full disk may be mended with no consumer moving again.
            lock (_lock)
            {
                foreach (var (key, offset) in dirty)
                {
                    _dirty.TryAdd(key, offset);
                }

                _armed = true;
                _timer.Change(RetryDelay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await FlushAsync();
    }
}
