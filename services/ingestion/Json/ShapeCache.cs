using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>
/// Senders repeat the same <c>series</c> array with every request. Its bytes are looked up by SHA-256 before they are
/// parsed, so a known shape costs one hash and is the very schema that was validated the first time.
/// </summary>
sealed class ShapeCache
{
    const int Capacity = 4096;

    readonly ConcurrentDictionary<UInt128, SeriesSchema> _shapes = new();

    public static UInt128 KeyOf(ReadOnlySpan<byte> json)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(json, digest);
        return MemoryMarshal.Read<UInt128>(digest);
    }

    public SeriesSchema? Find(UInt128 key) => _shapes.GetValueOrDefault(key);

    public void Add(UInt128 key, SeriesSchema schema)
    {
        if (_shapes.Count >= Capacity)
            _shapes.Clear();
        _shapes[key] = schema;
    }
}
