using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Forewarn.Contracts;

namespace Forewarn.Predictor;

/// <summary>What the predictor measures about itself.</summary>
sealed class Telemetry : IDisposable
{
    readonly Meter _meter = new("Forewarn.Predictor");
    readonly Counter<long> _ticks;
    readonly Counter<long> _old;
    readonly Counter<long> _duplicates;
    readonly Counter<long> _gaps;
    readonly Counter<long> _detections;
    readonly Counter<long> _swaps;
    readonly Counter<long> _compared;
    readonly Histogram<int> _batch;
    readonly Histogram<double> _run;
    readonly Histogram<double> _lag;
    readonly ConcurrentDictionary<string, string> _models = new(StringComparer.Ordinal);

    public Telemetry()
    {
        _ticks = _meter.CreateCounter<long>("forewarn.predictor.ticks", "{tick}", "Ticks scored and decided");
        _old = _meter.CreateCounter<long>("forewarn.predictor.old", "{tick}", "Ticks that were decided before");
        _duplicates = _meter.CreateCounter<long>("forewarn.predictor.duplicates", "{message}", "Messages that had been applied before");
        _gaps = _meter.CreateCounter<long>("forewarn.predictor.gaps", "{gap}", "Missing sequence numbers: another replica had the entity, or messages were lost");
        _detections = _meter.CreateCounter<long>("forewarn.predictor.detections", "{detection}", "Detections published, by kind");
        _swaps = _meter.CreateCounter<long>("forewarn.predictor.model.swaps", "{swap}", "Models taken into use");
        _meter.CreateObservableGauge(
            "forewarn.predictor.model",
            () => _models.Select(model => new Measurement<int>(1, new("group", model.Key), new KeyValuePair<string, object?>("version", model.Value))),
            "{model}", "1 for each model in use, by group");
        _compared = _meter.CreateCounter<long>("forewarn.predictor.compared", "{tick}", "Ticks on which a challenger was compared with the champion");
        _batch = _meter.CreateHistogram("forewarn.predictor.batch.size", "{row}", "Rows scored in one run",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024] });
        _run = _meter.CreateHistogram("forewarn.predictor.run.duration", "s", "Duration of one run of the model",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.025] });
        _lag = _meter.CreateHistogram("forewarn.predictor.lag", "s", "From ingestion receiving a tick to its verdict",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] });

        // Counted from 0 on: a counter that begins with its first event hides that one from whoever watches its increase.
        foreach (var counter in new[] { _old, _duplicates, _gaps, _compared })
            counter.Add(0);
        foreach (var kind in Enum.GetValues<DetectionKind>())
            _detections.Add(0, Tag(kind));
    }

    public void Scored(int rows, TimeSpan duration)
    {
        _batch.Record(rows);
        _run.Record(duration.TotalSeconds);
    }

    public void Decided(long lagMs)
    {
        _ticks.Add(1);
        _lag.Record(lagMs / 1000.0);
    }

    public void Old() => _old.Add(1);

    public void Duplicate() => _duplicates.Add(1);

    public void Gap() => _gaps.Add(1);

    /// <summary>A model came into use, or none is for that group any more.</summary>
    public void Serves(string group, string? version)
    {
        if (version is null)
        {
            _models.TryRemove(group, out _);
            return;
        }
        _models[group] = version;
        _swaps.Add(1);
    }

    public void Compared(int ticks) => _compared.Add(ticks);

    public void Detection(DetectionKind kind) => _detections.Add(1, Tag(kind));

    public void Dispose() => _meter.Dispose();

    static KeyValuePair<string, object?> Tag(DetectionKind kind) => new("kind", kind.ToString());
}
