using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>A distribution as a door understands what was sent: the series of its parts.</summary>
sealed class SentDistribution
{
    /// <summary>A name longer than that has no room for the parts' endings.</summary>
    public const int MaxName = Names.MaxName - 5;

    /// <param name="entity">Allowed by <see cref="Names"/>.</param>
    /// <param name="group">As in <see cref="SentSeries"/>.</param>
    /// <param name="name">Allowed, at most <see cref="MaxName"/> long.</param>
    /// <param name="unit">Of the values.</param>
    /// <param name="labels">Allowed.</param>
    /// <param name="parts">What is published of it, one at least.</param>
    public SentDistribution(
        string entity, string group, string name, string unit, IReadOnlyDictionary<string, string> labels, params ReadOnlySpan<DistributionPart> parts)
    {
        var series = new SentSeries[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var (ending, partUnit) = parts[i] switch
            {
                DistributionPart.Rate => (".rate", "1/s"),
                DistributionPart.Sum => (".sum", Counting.UnitOfRate(unit)),
                DistributionPart.P50 => (".p50", unit),
                DistributionPart.P95 => (".p95", unit),
                DistributionPart.P99 => (".p99", unit),
                DistributionPart.Min => (".min", unit),
                _ => (".max", unit),
            };
            series[i] = new SentSeries(entity, group, SeriesColumn.Of(name + ending, partUnit, labels)) { Whole = this, Part = parts[i] };
        }
        Parts = series;
    }

    public IReadOnlyList<SentSeries> Parts { get; }

    /// <summary>The id of its first part's column.</summary>
    public string Id => Parts[0].Column.Id;
}
