using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>What a metric's points are, its temporality included.</summary>
enum OtlpKind
{
    /// <summary>A gauge, or a cumulative sum that may fall.</summary>
    Level,

    /// <summary>A cumulative sum that only rises.</summary>
    Counter,

    /// <summary>A sum of what came since the last point.</summary>
    DeltaSum,
    Histogram,
    DeltaHistogram,
    Exponential,
    DeltaExponential,
    Summary,
}

/// <summary>A scope of a resource: where its metrics belong.</summary>
/// <param name="Id">Of this process, for keys of caches.</param>
/// <param name="Entity">Allowed.</param>
/// <param name="Group">The scope's name.</param>
/// <param name="Labels">Of the resource that are labels, allowed.</param>
/// <param name="Attributes">Of the resource that tell what the entity is and where it runs, allowed.</param>
sealed record OtlpScope(
    long Id, string Entity, string Group, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Attributes);

/// <summary>A metric of a scope.</summary>
/// <param name="Id">Of this process, for keys of caches.</param>
/// <param name="Scope">Whose.</param>
/// <param name="Name">Allowed.</param>
/// <param name="Unit">Allowed.</param>
/// <param name="Kind">What its points are.</param>
sealed record OtlpMetric(long Id, OtlpScope Scope, string Name, string Unit, OtlpKind Kind)
{
    /// <summary>What points with these attributes become.</summary>
    public OtlpSeries SeriesOf(SortedDictionary<string, string> attributes)
    {
        var tidy = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in Scope.Labels)
            tidy[key] = value;
        foreach (var (key, value) in attributes)
            tidy[Tidy.Name(key, Names.MaxLabelKey)] = Tidy.LabelValue(value);
        var labels = new Dictionary<string, string>(tidy.Take(Names.MaxLabels), StringComparer.Ordinal);
        var warning = tidy.Count > labels.Count ? $"{Name} has a point with {tidy.Count} attributes, of which the first {Names.MaxLabels} by name are taken" : null;
        return Kind switch
        {
            OtlpKind.Level => new(this, Number(Name, Unit, labels), null, warning),
            OtlpKind.Counter => new(this, Number(Name, Counting.UnitOfRate(Unit), labels, isCounter: true), null, warning),
            OtlpKind.DeltaSum => new(this, Number(Name, Counting.UnitOfRate(Unit), labels), null, warning),
            _ => new(this, Number(Name, Unit, labels), new SentDistribution(Scope.Entity, Scope.Group, Name, Unit, labels, Parts), warning),
        };
    }

    ReadOnlySpan<DistributionPart> Parts => Kind switch
    {
        OtlpKind.Summary => [DistributionPart.Rate, DistributionPart.Sum],
        OtlpKind.DeltaHistogram or OtlpKind.DeltaExponential =>
            [DistributionPart.Rate, DistributionPart.Sum, DistributionPart.P50, DistributionPart.P95, DistributionPart.P99, DistributionPart.Min, DistributionPart.Max],
        _ => [DistributionPart.Rate, DistributionPart.Sum, DistributionPart.P50, DistributionPart.P95, DistributionPart.P99],
    };

    public SentSeries Number(string name, string unit, IReadOnlyDictionary<string, string> labels, bool isCounter = false) =>
        new(Scope.Entity, Scope.Group, SeriesColumn.Of(name, unit, labels), isCounter);
}
