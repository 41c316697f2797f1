namespace DevSidecar.DurableLog;

/// <summary>The chunks read last, decoded: twelve partitions that catch up together read each chunk once.</summary>
sealed class ChunkCache(LogDatabase database)
{
    const long MaxBytes = 16 * 1024 * 1024;

    readonly Lock _lock = new();
    readonly Dictionary<long, (ILookup<int, LogRecord> Records, int Bytes)> _chunks = [];
    readonly Queue<long> _order = new();
    long _bytes;

    public IEnumerable<LogRecord> Get(long sequence, int topicPartition)
    {
        lock (_lock)
        {
            if (_chunks.TryGetValue(sequence, out var cached))
            {
                return cached.Records[topicPartition];
            }
        }

        var data = database.ReadChunk(sequence);
        if (data is null)
        {
            return [];
        }

        var records = ChunkCodec.Decode(data).ToLookup(r => r.TopicPartition, r => r.Record);
        lock (_lock)
        {
            if (_chunks.TryAdd(sequence, (records, data.Length)))
            {
                _order.Enqueue(sequence);
                _bytes += data.Length;
            }

            while (_bytes > MaxBytes && _order.Count > 1 && _chunks.Remove(_order.Dequeue(), out var evicted))
            {
                _bytes -= evicted.Bytes;
            }
        }

        return records[topicPartition];
    }
}
