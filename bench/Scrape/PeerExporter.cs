using System.Globalization;
using Prometheus;

namespace Forewarn.Bench.Scrape;

/// <summary>prometheus-net with gauges like those of metrics: four families with the same five labels.</summary>
sealed class PeerExporter
{
    const int Families = 4;
    const int PerEntity = 50;

    readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    PeerExporter(int series)
    {
        Series = series;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Fill();
        HeldBytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)series;
    }

    public int Series { get; }

    /// <summary>Bytes held per gauge.</summary>
    public double HeldBytes { get; }

    public static PeerExporter Of(int series) => new(series);

    public Task WriteAsync(Stream target, CancellationToken cancellationToken) => _registry.CollectAndExportAsTextAsync(target, cancellationToken);

    void Fill()
    {
        var (random, factory) = (new Random(1), Metrics.WithCustomRegistry(_registry));
        for (var family = 0; family < Families; family++)
        {
            var gauge = factory.CreateGauge($"forewarn_metric_number_{family}", "As many as there are.", "entity", "metric", "unit", "series", "label_device");
            for (var i = 0; i < Series / Families; i++)
            {
                gauge.WithLabels(
                    string.Create(CultureInfo.InvariantCulture, $"web-{i / PerEntity}.example.com"), string.Create(CultureInfo.InvariantCulture, $"system.metric_{i % PerEntity / 5}.utilization"), "1",
                    (i % PerEntity).ToString("x16", CultureInfo.InvariantCulture), $"sd{(char)('a' + (i % 5))}").Set(random.NextSingle());
            }
        }
    }
}
