using System.Diagnostics.Metrics;

namespace Forewarn.StreamProcessor;

/// <summary>What the stream processor measures about itself.</summary>
sealed class Telemetry : IDisposable
{
    readonly Meter _meter = new("Forewarn.StreamProcessor");
    readonly Counter<long> _ticks;
    readonly Counter<long> _late;
    readonly Counter<long> _ahead;
    readonly Counter<long> _duplicates;
    readonly Counter<long> _gaps;
    readonly Counter<long> _catchUps;
    readonly Counter<long> _silences;
    readonly Counter<long> _thresholds;
    readonly Histogram<double> _lag;

    public Telemetry()
    {
        _ticks = _meter.CreateCounter<long>("forewarn.stream.ticks", "{tick}", "Ticks turned into features, by cadence");
        _late = _meter.CreateCounter<long>("forewarn.stream.late", "{row}", "Rows that came after their tick was closed");
        _ahead = _meter.CreateCounter<long>("forewarn.stream.ahead", "{row}", "Rows too far ahead of our clock");
        _duplicates = _meter.CreateCounter<long>("forewarn.stream.duplicates", "{message}", "Messages that had been applied before");
        _gaps = _meter.CreateCounter<long>("forewarn.stream.gaps", "{gap}", "Missing sequence numbers: another replica had the entity, or messages were lost");
        _catchUps = _meter.CreateCounter<long>("forewarn.stream.catchups", "{catchup}", "Attempts to read missing ticks from history, by outcome");
        _silences = _meter.CreateCounter<long>("forewarn.stream.silences", "{detection}", "Silence detections published");
        _thresholds = _meter.CreateCounter<long>("forewarn.stream.thresholds", "{detection}", "Detections of the users' own rules");
        _lag = _meter.CreateHistogram("forewarn.stream.lag", "s", "From ingestion receiving a tick to its features being computed",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] });

        // Counted from 0 on: a counter that begins with its first event hides that one from whoever watches its increase.
        foreach (var counter in new[] { _late, _ahead, _duplicates, _gaps, _silences, _thresholds })
            counter.Add(0);
        _catchUps.Add(0, new KeyValuePair<string, object?>("outcome", "away"));
    }

    public void Applied(in ApplyCounts counts)
    {
        Add(_late, counts.Late);
        Add(_ahead, counts.Ahead);
        Add(_duplicates, counts.Duplicates);
        Add(_gaps, counts.Gaps);
    }

    public void Ticks(int cadenceMs, int count, long lagMs)
    {
        _ticks.Add(count, new KeyValuePair<string, object?>("cadence_ms", cadenceMs));
        _lag.Record(lagMs / 1000.0);
    }

    public void CatchUp(string outcome) => _catchUps.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Silence() => _silences.Add(1);

    public void Thresholds(int detections) => Add(_thresholds, detections);

    public void Dispose() => _meter.Dispose();

    static void Add(Counter<long> counter, int count)
    {
        if (count > 0)
            counter.Add(count);
    }
}

/// <summary>What one delivery held besides good news.</summary>
struct ApplyCounts
{
    public int Late;
    public int Ahead;
    public int Duplicates;
    public int Gaps;
}
