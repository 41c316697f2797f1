using System.Diagnostics.Metrics;

namespace Forewarn.History;

/// <summary>What history counts.</summary>
sealed class Telemetry
{
    readonly Counter<long> _rows, _samples, _duplicates, _expired;
    readonly Histogram<double> _commit;

    public Telemetry(IMeterFactory meters)
    {
        var meter = meters.Create("Forewarn.History");
        _rows = meter.CreateCounter<long>("forewarn.history.rows", "{row}", "Rows stored");
        _samples = meter.CreateCounter<long>("forewarn.history.samples", "{sample}", "Measured values stored");
        _duplicates = meter.CreateCounter<long>("forewarn.history.duplicates", "{message}", "Messages that were stored before");
        _expired = meter.CreateCounter<long>("forewarn.history.expired", "{row}", "Rows older than the retention on arrival");
        _commit = meter.CreateHistogram<double>("forewarn.history.commit.duration", "s", "One delivery, from first statement to commit");
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
}

/// <summary>What became of one delivery.</summary>
readonly record struct StoredCount(int Rows, long Samples, int Expired = 0, int Duplicates = 0)
{
    public static StoredCount operator +(StoredCount a, StoredCount b) =>
        new(a.Rows + b.Rows, a.Samples + b.Samples, a.Expired + b.Expired, a.Duplicates + b.Duplicates);
}
