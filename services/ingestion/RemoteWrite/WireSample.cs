using System.Runtime.InteropServices;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>A message <c>Sample</c>; version 1 has no start.</summary>
/// <param name="T">Unix milliseconds.</param>
/// <param name="Value">Any; NaN marks the series as stale.</param>
/// <param name="StartMs">When counting began; 0 when not said.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct WireSample(long T, double Value, long StartMs)
{
    /// <summary>False when it breaks the format.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out WireSample sample)
    {
        var (t, value, start) = (0L, 0.0, 0L);
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Is(1, WireType.Fixed64))
                value = reader.Double();
            else if (reader.Is(2, WireType.Varint))
                t = (long)reader.Varint();
            else if (reader.Is(3, WireType.Varint))
                start = (long)reader.Varint();
            else
                reader.Skip();
        }
        sample = new(t, value, start);
        return !reader.IsBroken;
    }
}
