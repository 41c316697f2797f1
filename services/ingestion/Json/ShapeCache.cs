using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>What a <c>series</c> array says.</summary>
/// <param name="Schema">The columns as they are published.</param>
/// <param name="Counting">Which of them are counters; null when none is.</param>
sealed record Shape(SeriesSchema Schema, IReadOnlyList<Counting>? Counting);

/// <summary>
/// Senders repeat the same <c>series</c> array with every request. Its bytes are looked up by SHA-256 before they are
/// parsed, so a known shape costs one hash and is the very schema that was validated the first time.
/// </summary>
sealed class ShapeCache
{
    const int Capacity = 4096;

    readonly ConcurrentDictionary<UInt128, Shape> _shapes = new();

    public static UInt128 KeyOf(ReadOnlySpan<byte> json)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(json, digest);
        return MemoryMarshal.Read<UInt128>(digest);
    }

    public Shape? Find(UInt128 key) => _shapes.GetValueOrDefault(key);

    public void Add(UInt128 key, Shape shape)
    {
        if (_shapes.Count >= Capacity)
            _shapes.Clear();
        _shapes[key] = shape;
    }
}
