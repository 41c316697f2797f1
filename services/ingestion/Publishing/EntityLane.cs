using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>
/// One entity's way out: whoever holds the lane may number and send. A number is taken once and never carries other
/// content: repeats of a failed call resend the same messages, and when the caller gives up the numbers stay taken, since
/// the broker may have them. Consumers then see a gap, which they mend from history.
/// </summary>
sealed class EntityLane(long firstSeq, int maxSeries) : IDisposable
{
    readonly SemaphoreSlim _turn = new(1, 1);
    readonly HashSet<string> _schemas = new(StringComparer.Ordinal);
    readonly HashSet<string> _series = new(StringComparer.Ordinal);
    readonly Lock _cardinality = new();
    readonly CounterRates _counters = new(maxSeries);
    readonly DistributionRates _distributions = new(maxSeries);
    readonly QualityWatch _quality = new(maxSeries);
    DateTimeOffset _countedSince;
    long _seq = firstSeq - 1;

    public DateTimeOffset LastUsed { get; private set; }

    /// <summary>The last number taken.</summary>
    public long Seq => Volatile.Read(ref _seq);

    public Task EnterAsync(CancellationToken cancellationToken) => _turn.WaitAsync(cancellationToken);

    public void Leave() => _turn.Release();

    /// <summary>The next number; only for the holder.</summary>
    public long Take() => ++_seq;

    /// <summary>The rows as they are published, with rates in place of what is cumulative; only for the holder.</summary>
    public IReadOnlyList<MetricRow> Convert(Submission submission)
    {
        if (submission.Counting is null && submission.Distributions is null)
            return submission.Rows;
        var rows = new MetricRow[submission.Rows.Count];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = submission.Rows[i] with { Values = [.. submission.Rows[i].Values] };
        _counters.Convert(submission, rows);
        _distributions.Convert(submission, rows);
        return rows;
    }

    /// <summary>The broker has what was converted; only for the holder.</summary>
    public void Keep()
    {
        _counters.Keep();
        _distributions.Keep();
    }

    /// <summary>What is wrong with what the broker has just taken; only for the holder, before <see cref="Undo"/>.</summary>
    /// <param name="received">Unix milliseconds.</param>
    public IEnumerable<Finding> Look(Submission submission, long received) => _quality.Look(submission, _counters.FallsIn(submission), received);

    /// <summary>What was converted and not kept will come again; only for the holder.</summary>
    public void Undo()
    {
        _counters.Undo();
        _distributions.Undo();
    }

    /// <summary>Counts the schema's series towards the entity's limit; false when they would pass it.</summary>
    public bool TryAdmit(SeriesSchema schema, DateTimeOffset now)
    {
        lock (_cardinality)
        {
            LastUsed = now;
            if (_schemas.Contains(schema.Hash))
                return true;
            if (now - _countedSince > TimeSpan.FromDays(1))
                Forget(now);
            if (_series.Count + schema.Columns.Count(column => !_series.Contains(column.Id)) > maxSeries)
                return false;
            _schemas.Add(schema.Hash);
            foreach (var column in schema.Columns)
                _series.Add(column.Id);
            return true;
        }
    }

    void Forget(DateTimeOffset now)
    {
        _schemas.Clear();
        _series.Clear();
        _countedSince = now;
    }

    public void Dispose() => _turn.Dispose();
}
