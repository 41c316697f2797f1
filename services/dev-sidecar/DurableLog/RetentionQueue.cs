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

    /// <summary>Up to <paramref name="limit"/> of the oldest chunks that may be deleted now. They count until <see cref="Deleted"/>: deleting can fail.</summary>
    public List<ChunkHeader> Deletable(int limit, long maxBytes, long oldestMs, IReadOnlyDictionary<int, long> readByAll)
    {
        var (deletable, left) = (new List<ChunkHeader>(), Bytes);
        if (_oldest.Count == 0 && Bytes > 0)
        {
            foreach (var header in database.Chunks(Window))
            {
                _oldest.Enqueue(header);
            }
        }

        foreach (var chunk in _oldest.Take(limit))
        {
            var old = chunk.TimeMs < oldestMs;
            var excess = left > maxBytes && Array.TrueForAll(chunk.Slices, s =>
                !readByAll.TryGetValue(s.TopicPartition, out var position) || position >= s.BaseOffset + s.Count);
            if (!old && !excess)
            {
                break;
            }

            left -= chunk.Bytes;
            deletable.Add(chunk);
        }

        return deletable;
    }

    /// <summary>The first <paramref name="count"/> chunks are gone from the disk.</summary>
    public void Deleted(int count)
    {
        for (; count > 0; count--)
        {
            Bytes -= _oldest.Dequeue().Bytes;
        }
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
