using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;

namespace Forewarn.Ingestion;

/// <summary>
/// What the bytes that name a series mean: senders repeat them with every sample, and reading them again would cost more than the sample.
/// Two generations: when the younger is full the elder goes, and what is still asked for moves up. Thread-safe.
/// </summary>
/// <param name="capacity">Entries of a generation at most.</param>
sealed class SeriesCache<T>(int capacity)
    where T : class
{
    readonly ConcurrentDictionary<byte[], T>[] _generations = [NewGeneration(), NewGeneration()];
    int _count;

    /// <summary>What was added under these bytes, if it is still known.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, [NotNullWhen(true)] out T? value)
    {
        if (Volatile.Read(ref _generations[0]).GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out value))
            return true;
        if (!Volatile.Read(ref _generations[1]).GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out value))
            return false;
        Add(name, value);
        return true;
    }

    public void Add(ReadOnlySpan<byte> name, T value)
    {
        if (!Volatile.Read(ref _generations[0]).TryAdd(name.ToArray(), value) || Interlocked.Increment(ref _count) < capacity)
            return;
        Volatile.Write(ref _generations[1], _generations[0]);
        Volatile.Write(ref _generations[0], NewGeneration());
        Volatile.Write(ref _count, 0);
    }

    static ConcurrentDictionary<byte[], T> NewGeneration() => new(new NameComparer());

    /// <summary>XxHash3 with a seed of its own for each generation, so that nobody can choose names that collide.</summary>
    sealed class NameComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        readonly long _seed = Random.Shared.NextInt64();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)XxHash3.HashToUInt64(alternate, _seed);

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());
    }
}
