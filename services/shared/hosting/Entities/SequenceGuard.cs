namespace Forewarn.Hosting;

/// <summary>What a message's sequence number says about it.</summary>
public enum SequenceVerdict
{
    /// <summary>The next of a known producer, or one that was overtaken and had not been seen.</summary>
    Next,

    /// <summary>Number 1 of a producer not seen before.</summary>
    First,

    /// <summary>Numbers are missing in between, or the producer is unknown and did not start with 1: somebody else had the entity.</summary>
    Gap,

    /// <summary>Applied before.</summary>
    Duplicate,
}

/// <summary>
/// Recognises messages of one entity that were applied before, by producer and sequence number. Like the replay window
/// of IPsec (RFC 4303, 3.4.3) it remembers the last 64 numbers of a producer one by one, since a bulk publish that
/// failed in part is repeated and may overtake itself. Not thread-safe.
/// </summary>
public sealed class SequenceGuard
{
    const int MaxProducers = 8;
    const int Window = 64;

    // The most recently used producer first; an entity rarely has more than two.
    readonly List<Entry> _producers = [];

    /// <summary>Judges a message without remembering it.</summary>
    public SequenceVerdict Check(string producer, long seq)
    {
        if (Find(producer) is not { } entry)
            return seq == 1 ? SequenceVerdict.First : SequenceVerdict.Gap;
        if (seq > entry.Highest)
            return seq == entry.Highest + 1 ? SequenceVerdict.Next : SequenceVerdict.Gap;
        var age = entry.Highest - seq;
        return age < Window && (entry.Seen & (1UL << (int)age)) == 0 ? SequenceVerdict.Next : SequenceVerdict.Duplicate;
    }

    /// <summary>Remembers a message as applied.</summary>
    public void Accept(string producer, long seq)
    {
        if (Find(producer) is not { } entry)
        {
            if (_producers.Count == MaxProducers)
                _producers.RemoveAt(MaxProducers - 1);
            _producers.Insert(0, new Entry(producer) { Highest = seq, Seen = 1 });
            return;
        }
        if (seq > entry.Highest)
        {
            var ahead = seq - entry.Highest;
            entry.Seen = ahead < Window ? (entry.Seen << (int)ahead) | 1 : 1;
            entry.Highest = seq;
        }
        else if (entry.Highest - seq < Window)
        {
            entry.Seen |= 1UL << (int)(entry.Highest - seq);
        }
        MoveToFront(entry);
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write((byte)_producers.Count);
        foreach (var entry in _producers)
        {
            writer.Write(entry.Producer);
            writer.Write(entry.Highest);
            writer.Write(entry.Seen);
        }
    }

    /// <exception cref="InvalidDataException">More producers than are ever kept: the bytes are damaged.</exception>
    public static SequenceGuard Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var count = reader.ReadByte();
        if (count > MaxProducers)
            throw new InvalidDataException($"The checkpoint names {count} producers where at most {MaxProducers} are kept.");
        var guard = new SequenceGuard();
        for (var i = 0; i < count; i++)
            guard._producers.Add(new Entry(reader.ReadString()) { Highest = reader.ReadInt64(), Seen = reader.ReadUInt64() });
        return guard;
    }

    Entry? Find(string producer)
    {
        foreach (var entry in _producers)
        {
            if (string.Equals(entry.Producer, producer, StringComparison.Ordinal))
                return entry;
        }
        return null;
    }

    void MoveToFront(Entry entry)
    {
        if (ReferenceEquals(_producers[0], entry))
            return;
        _producers.Remove(entry);
        _producers.Insert(0, entry);
    }

    sealed class Entry(string producer)
    {
        public string Producer { get; } = producer;
        public long Highest { get; set; }

        /// <summary>Bit i: number <see cref="Highest"/> - i was applied.</summary>
        public ulong Seen { get; set; }
    }
}
