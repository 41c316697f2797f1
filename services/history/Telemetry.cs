using System.Diagnostics.Metrics;

namespace Forewarn.History;

/// <summary>What history counts.</summary>
sealed class Telemetry
{
    readonly Counter<long> _rows, _samples, _duplicates, _expired, _late, _rolled, _refused;
    readonly Histogram<double> _commit, _roll;

    public Telemetry(IMeterFactory meters)
    {
        var meter = meters.Create("Forewarn.History");
        _rows = meter.CreateCounter<long>("forewarn.history.rows", "{row}", "Rows stored");
        _samples = meter.CreateCounter<long>("forewarn.history.samples", "{sample}", "Measured values stored");
        _duplicates = meter.CreateCounter<long>("forewarn.history.duplicates", "{message}", "Messages that were stored before");
        _expired = meter.CreateCounter<long>("forewarn.history.expired", "{row}", "Rows older than the retention on arrival");
        _late = meter.CreateCounter<long>("forewarn.history.late", "{minute}", "Minutes of an entity that got rows after they were sealed");
        _rolled = meter.CreateCounter<long>("forewarn.history.rollup.rows", "{row}", "Rows read to roll them up by the minute");
        _refused = meter.CreateCounter<long>("forewarn.history.refused", "{delivery}", "Deliveries left at the broker because as many as may be were being stored");
        InstrumentAdvice<double> advice = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] };
        _commit = meter.CreateHistogram("forewarn.history.commit.duration", "s", "One delivery, from first statement to commit", advice: advice);
        _roll = meter.CreateHistogram("forewarn.history.rollup.duration", "s", "One step of rolling up, from first statement to commit", advice: advice);
        // Counted from 0 on: a counter that begins with its first event hides that one from whoever watches its increase.
        _refused.Add(0);
    }

    public void Stored(string table, StoredCount count, TimeSpan took)
    {
        var tag = new KeyValuePair<string, object?>("table", table);
        _rows.Add(count.Rows, tag);
        _samples.Add(count.Samples, tag);
        _duplicates.Add(count.Duplicates, tag);
        _expired.Add(count.Expired, tag);
        _commit.Record(took.TotalSeconds, tag);
    }

    public void Late(string table, int minutes) => _late.Add(minutes, new KeyValuePair<string, object?>("table", table));

    /// <param name="subscription">Its path.</param>
    public void Refused(string subscription) => _refused.Add(1, new KeyValuePair<string, object?>("subscription", subscription));

    /// <param name="what">minute, hour, late or backfill.</param>
    public void RolledUp(string table, string what, long rows, TimeSpan took)
    {
        KeyValuePair<string, object?> tag = new("table", table), step = new("step", what);
        _rolled.Add(rows, tag, step);
        _roll.Record(took.TotalSeconds, tag, step);
    }
}

/// <summary>What became of one delivery.</summary>
readonly record struct StoredCount(int Rows, long Samples, int Expired = 0, int Duplicates = 0)
{
    public static StoredCount operator +(StoredCount a, StoredCount b) =>
        new(a.Rows + b.Rows, a.Samples + b.Samples, a.Expired + b.Expired, a.Duplicates + b.Duplicates);
}
