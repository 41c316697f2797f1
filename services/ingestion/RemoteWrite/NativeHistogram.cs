using System.Runtime.InteropServices;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>A native histogram's point, as far as it is published.</summary>
/// <param name="T">Unix milliseconds.</param>
/// <param name="Count">Values.</param>
/// <param name="Sum">Their sum; NaN marks the series as stale.</param>
/// <param name="IsGauge">Not cumulative.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct NativeHistogram(long T, double Count, double Sum, bool IsGauge)
{
    const int Gauge = 3;

    /// <summary>Reads a message <c>Histogram</c>, the same in both versions. False when it breaks the format.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out NativeHistogram point)
    {
        var (t, count, sum, isGauge) = (0L, 0.0, 0.0, false);
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Is(1, WireType.Varint))
                count = reader.Varint();
            else if (reader.Is(2, WireType.Fixed64))
                count = reader.Double();
            else if (reader.Is(3, WireType.Fixed64))
                sum = reader.Double();
            else if (reader.Is(14, WireType.Varint))
                isGauge = reader.Varint() == Gauge;
            else if (reader.Is(15, WireType.Varint))
                t = (long)reader.Varint();
            else
                reader.Skip();
        }
        // Prometheus marks a stale histogram in its sum.
        point = new(t, double.IsNaN(sum) ? double.NaN : count, sum, isGauge);
        return !reader.IsBroken;
    }
}

/// <summary>The series a native histogram is published as: <c>NAME_count</c> and <c>NAME_sum</c>, as a classic one has them.</summary>
sealed record PromHistogram(PromSeries Count, PromSeries Sum)
{
    /// <param name="labels">Not changed.</param>
    /// <param name="isGauge">Not cumulative.</param>
    /// <param name="unit">As declared.</param>
    public static PromHistogram Of(IReadOnlyList<KeyValuePair<string, string>> labels, bool isGauge, string unit)
    {
        return new(Part("_count"), Part("_sum"));

        PromSeries Part(string suffix) => PromSeries.Of(
            [.. labels.Select(label => label.Key == PromNames.Name ? new(label.Key, label.Value + suffix) : label)],
            isGauge ? PromType.Gauge : PromType.Counter, unit);
    }
}
