using System.Collections.Concurrent;

namespace DevSidecar.DurableLog;

/// <summary>
/// Decides which of the oldest chunks may go. Age deletes whatever is old. Size deletes only what every stored group has
/// read, so that a slow consumer loses nothing; when that is not enough, the log is full and publishing fails.
/// Used by the writer thread alone; holds only a few headers in memory.
/// </summary>
sealed class RetentionQueue(LogDatabase database, long bytes, long lastSequence)
{
    const int Window = 64;

    readonly Queue<ChunkHeader> _oldest = new();

    public long Bytes { get; private set; } = bytes;

    public long LastSequence { get; private set; } = lastSequence;

    public void Added(long sequence, long bytes)
    {
        Bytes += bytes;
        LastSequence = sequence;
    }

    /// <summary>Takes up to <paramref name="limit"/> chunks off the front that may be deleted now.</summary>
    public List<ChunkHeader> Take(int limit, long maxBytes, long oldestMs, IReadOnlyDictionary<int, long> readByAll)
    {
        var taken = new List<ChunkHeader>();
        if (_oldest.Count == 0 && Bytes > 0)
        {
            foreach (var header in database.Chunks(Window))
            {
                _oldest.Enqueue(header);
            }
        }

        while (taken.Count < limit && _oldest.TryPeek(out var chunk))
        {
            var old = chunk.TimeMs < oldestMs;
            var excess = Bytes > maxBytes && Array.TrueForAll(chunk.Slices, s =>
                !readByAll.TryGetValue(s.TopicPartition, out var position) || position >= s.BaseOffset + s.Count);
            if (!old && !excess)
            {
                break;
            }

            _oldest.Dequeue();
            Bytes -= chunk.Bytes;
            taken.Add(chunk);
        }

        return taken;
    }

    /// <summary>The lowest position any stored group has per partition.</summary>
    public static Dictionary<int, long> ReadByAll(ConcurrentDictionary<(string Group, int TopicPartition), long> positions)
    {
        var lowest = new Dictionary<int, long>();
        foreach (var ((_, topicPartition), offset) in positions)
        {
            lowest[topicPartition] = lowest.TryGetValue(topicPartition, out var other) ? Math.Min(other, offset) : offset;
        }

        return lowest;
    }
}
