using System.Runtime.InteropServices;

namespace Forewarn.Ingestion;

/// <summary>What is published of a distribution, each as a series of its own.</summary>
enum DistributionPart
{
    /// <summary><c>NAME.rate</c>: values per second.</summary>
    Rate,

    /// <summary><c>NAME.sum</c>: their sum per second.</summary>
    Sum,

    /// <summary><c>NAME.p50</c>.</summary>
    P50,

    /// <summary><c>NAME.p95</c>.</summary>
    P95,

    /// <summary><c>NAME.p99</c>.</summary>
    P99,

    /// <summary><c>NAME.min</c>.</summary>
    Min,

    /// <summary><c>NAME.max</c>.</summary>
    Max,
}

/// <summary>What was counted of a distribution since its start: a histogram's or a summary's cumulative point. Never changed once made.</summary>
/// <param name="Id">Whose: as <see cref="SentDistribution.Id"/>.</param>
/// <param name="T">Event time, unix milliseconds.</param>
/// <param name="StartMs">When counting began, unix milliseconds; 0 when not said.</param>
/// <param name="Count">Values.</param>
/// <param name="Sum">Their sum; NaN when not said.</param>
/// <param name="Buckets">Where they lie; null when not said.</param>
sealed record Distribution(string Id, long T, long StartMs, double Count, double Sum, Buckets? Buckets);

/// <summary>What came to a distribution within an interval.</summary>
/// <param name="Seconds">Length of the interval; NaN or 0 when not known.</param>
/// <param name="Count">Values.</param>
/// <param name="Sum">Their sum, NaN when not known.</param>
/// <param name="Buckets">Where they lie; null when not known.</param>
/// <param name="Min">The smallest, NaN when not known.</param>
/// <param name="Max">The greatest, NaN when not known.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct DistributionIncrease(double Seconds, double Count, double Sum, Buckets? Buckets, double Min = double.NaN, double Max = double.NaN)
{
    /// <summary>A part's value; NaN where there is none.</summary>
    public double Of(DistributionPart part)
    {
        var value = part switch
        {
            DistributionPart.Rate => Seconds > 0 ? Count / Seconds : double.NaN,
            DistributionPart.Sum => Seconds > 0 ? Sum / Seconds : double.NaN,
            DistributionPart.P50 => Quantile(0.5),
            DistributionPart.P95 => Quantile(0.95),
            DistributionPart.P99 => Quantile(0.99),
            DistributionPart.Min => Count > 0 ? Min : double.NaN,
            _ => Count > 0 ? Max : double.NaN,
        };
        return double.IsFinite(value) ? value : double.NaN;
    }

    double Quantile(double level) => Buckets?.Quantile(level, Min, Max) ?? double.NaN;
}

/// <summary>Where a part of a cumulative distribution goes in a <see cref="Submission"/>.</summary>
/// <param name="Column">Index of the column.</param>
/// <param name="Part">What it holds.</param>
/// <param name="Distribution">Of what; its time is the row's.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct DistributionCell(int Column, DistributionPart Part, Distribution Distribution);
