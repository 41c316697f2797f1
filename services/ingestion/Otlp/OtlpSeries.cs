using System.Collections.Concurrent;
using System.Globalization;

namespace Forewarn.Ingestion;

/// <summary>What the points of a metric with the same attributes become.</summary>
/// <param name="metric">Whose.</param>
/// <param name="number">Of gauges and sums; of a summary without its quantile.</param>
/// <param name="distribution">Of all others.</param>
/// <param name="warning">What its sender should know; null when there is nothing.</param>
sealed class OtlpSeries(OtlpMetric metric, SentSeries number, SentDistribution? distribution, string? warning)
{
    const int MostQuantiles = 32;

    readonly ConcurrentDictionary<double, SentSeries> _quantiles = new();

    public OtlpMetric Metric => metric;
    public SentSeries Number => number;
    public SentDistribution Distribution => distribution ?? throw new InvalidOperationException("Numbers are no distribution.");
    public string? Warning => warning;

    /// <summary>A summary's quantile: <c>.p99</c>, <c>.p99.9</c>, and <c>.min</c> and <c>.max</c> for 0 and 1; null when there are too many.</summary>
    public SentSeries? Quantile(double level)
    {
        if (_quantiles.TryGetValue(level, out var series) || _quantiles.Count >= MostQuantiles)
            return series;
        var ending = level switch
        {
            0 => ".min",
            1 => ".max",
            _ => string.Create(CultureInfo.InvariantCulture, $".p{level * 100:0.##}"),
        };
        return _quantiles.GetOrAdd(level, metric.Number(metric.Name + ending, metric.Unit, number.Column.Labels));
    }
}
