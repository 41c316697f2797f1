using System.Collections.Immutable;

namespace DevSidecar.DurableLog;

/// <summary>
/// One partition of a topic: its offsets, where they lie on disk (an exact in-memory index of 16 bytes per chunk) and
/// the newest records in memory, so that live consumers never touch SQLite.
/// </summary>
sealed class Partition(Topic topic, int number)
{
    readonly Lock _lock = new();
    readonly RecordRing _tail = new();
    readonly List<(long BaseOffset, long Sequence)> _index = [];
    int _indexHead;

    public Topic Topic => topic;

    public int Number => number;

    /// <summary>Topic and partition in one number, as stored.</summary>
    public int Id => (topic.Id << 12) | number;

    /// <summary>First offset still kept.</summary>
    public long Start { get; private set; }

    /// <summary>Offset the next record will get.</summary>
    public long Next { get; private set; }

    /// <summary>At start-up: offsets below <paramref name="next"/> were given out once.</summary>
    public void RestoreNext(long next) => Start = Next = Math.Max(Next, next);

    /// <summary>At start-up: the chunk is on disk.</summary>
    public void Restore(ChunkSlice slice, long sequence)
    {
        if (_index.Count == 0)
        {
            Start = slice.BaseOffset;
        }

        _index.Add((slice.BaseOffset, sequence));
        Next = Math.Max(Next, slice.BaseOffset + slice.Count);
    }

    /// <summary>The records were committed; they are contiguous and begin at <see cref="Next"/>.</summary>
    public void Committed(IReadOnlyList<LogRecord> records, long sequence)
    {
        lock (_lock)
        {
            _index.Add((records[0].Offset, sequence));
            foreach (var record in records)
            {
                _tail.Add(record);
            }

            Next = records[^1].Offset + 1;
        }
    }

    /// <summary>Memory is short: forgets up to <paramref name="count"/> of the oldest records held. They stay on disk.</summary>
    public void Evict(int count)
    {
        lock (_lock)
        {
            for (; count > 0 && _tail.Count > 0; count--)
            {
                _tail.DropFirst();
            }
        }
    }

    /// <summary>The chunk with this slice was deleted by retention.</summary>
    public void Deleted(ChunkSlice slice)
    {
        lock (_lock)
        {
            Start = Math.Max(Start, slice.BaseOffset + slice.Count);
            while (_indexHead < _index.Count && _index[_indexHead].BaseOffset <= slice.BaseOffset)
            {
                _indexHead++;
            }

            if (_indexHead > 64 && _indexHead > _index.Count / 2)
            {
                _index.RemoveRange(0, _indexHead);
                _indexHead = 0;
            }

            while (_tail.Count > 0 && _tail[0].Offset < Start)
            {
                _tail.DropFirst();
            }
        }
    }

    /// <summary>Adds records from <paramref name="offset"/> on when they are in memory; false when they must be read from disk.</summary>
    public bool TryReadTail(long offset, int maxCount, ICollection<LogRecord> into)
    {
        lock (_lock)
        {
            if (offset >= Next)
            {
                return true;
            }

            var first = Next - _tail.Count;
            if (offset < first)
            {
                return false;
            }

            var count = (int)Math.Min(maxCount, Next - offset);
            for (var i = 0; i < count; i++)
            {
                into.Add(_tail[(int)(offset - first) + i]);
            }

            return true;
        }
    }

    /// <summary>When the record at this offset was appended (Unix ms), or null when it is not in memory.</summary>
    public long? TimeOf(long offset)
    {
        lock (_lock)
        {
            var first = Next - _tail.Count;
            return offset >= first && offset < Next ? _tail[(int)(offset - first)].TimeMs : null;
        }
    }

    /// <summary>The chunk holding <paramref name="offset"/>, or null when there is none.</summary>
    public long? FindChunk(long offset)
    {
        lock (_lock)
        {
            int low = _indexHead, high = _index.Count - 1;
            if (offset >= Next || low > high)
            {
                return null;
            }

            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                if (_index[middle].BaseOffset <= offset)
                {
                    low = middle;
                }
                else
                {
                    high = middle - 1;
                }
            }

            return _index[low].Sequence;
        }
    }
}

/// <summary>A topic and its partitions.</summary>
sealed class Topic
{
    public Topic(int id, string name, int partitions)
    {
        Id = id;
        Name = name;
        Partitions = [.. Enumerable.Range(0, partitions).Select(n => new Partition(this, n))];
    }

    public int Id { get; }

    public string Name { get; }

    public IReadOnlyList<Partition> Partitions { get; }

    /// <summary>Called after a commit, on the writer thread: they only schedule work.</summary>
    public ImmutableArray<Action<Partition>> Listeners { get; private set; } = [];

    public void Listen(Action<Partition> listener)
    {
        lock (Partitions)
        {
            Listeners = Listeners.Add(listener);
        }
    }

    public void Unlisten(Action<Partition> listener)
    {
        lock (Partitions)
        {
            Listeners = Listeners.Remove(listener);
        }
    }

    public void OnAppended(Partition partition)
    {
        foreach (var listener in Listeners)
        {
            listener(partition);
        }
    }
}
