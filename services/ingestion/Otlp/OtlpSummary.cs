using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>A <c>SummaryDataPoint</c>: quantiles that its sender made.</summary>
/// <param name="Count">Values since the start.</param>
/// <param name="Sum">Their sum.</param>
/// <param name="Quantiles">Level and value.</param>
sealed record OtlpSummary(double Count, double Sum, IReadOnlyList<(double Level, double Value)> Quantiles)
{
    /// <summary>Number of the attributes' field.</summary>
    public const int Attributes = 7;

    /// <summary>Reads a point; false when it breaks the format.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out OtlpPoint point, out OtlpSummary summary)
    {
        point = default;
        var (count, sum) = (0.0, 0.0);
        var quantiles = new List<(double, double)>();
        summary = new OtlpSummary(0, 0, quantiles);
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Is(4, WireType.Fixed64))
                count = reader.Fixed64();
            else if (reader.Is(5, WireType.Fixed64))
                sum = reader.Double();
            else if (reader.Is(6, WireType.Bytes))
            {
                if (!TryReadQuantile(reader.Bytes(), quantiles))
                    return false;
            }
            else if (!point.TryRead(ref reader, Attributes, flags: 8))
                reader.Skip();
        }
        summary = new OtlpSummary(count, sum, quantiles);
        return !reader.IsBroken;
    }

    static bool TryReadQuantile(ReadOnlySpan<byte> message, List<(double Level, double Value)> quantiles)
    {
        var (level, value) = (0.0, 0.0);
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Is(1, WireType.Fixed64))
                level = reader.Double();
            else if (reader.Is(2, WireType.Fixed64))
                value = reader.Double();
            else
                reader.Skip();
        }
        quantiles.Add((level, value));
        return !reader.IsBroken;
    }
}
