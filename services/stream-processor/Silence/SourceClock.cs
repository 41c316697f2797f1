using System.Collections.Concurrent;
using Forewarn.Contracts;

namespace Forewarn.StreamProcessor;

/// <summary>How far each door has come, over all entities: silence of one entity means something only while its door speaks.</summary>
sealed class SourceClock
{
    readonly ConcurrentDictionary<string, SourceProgress> _sources = new(StringComparer.Ordinal);

    /// <param name="batch">Any message.</param>
    /// <param name="now">Processing time.</param>
    /// <param name="latest">Event times beyond this are a wrong clock and prove nothing.</param>
    public void Observe(MetricBatch batch, long now, long latest)
    {
        var newest = long.MinValue;
        foreach (var row in batch.Rows)
        {
            if (row.T <= latest)
                newest = Math.Max(newest, row.T);
        }
        if (newest == long.MinValue)
            return;
        _sources.AddOrUpdate(batch.Source,
            static (_, seen) => seen,
            static (_, known, seen) => new SourceProgress(Math.Max(known.NewestEvent, seen.NewestEvent), Math.Max(known.LastArrival, seen.LastArrival)),
            new SourceProgress(newest, now));
    }

    public SourceProgress? Of(string source) => _sources.TryGetValue(source, out var progress) ? progress : null;
}

/// <param name="NewestEvent">Newest event time, unix milliseconds.</param>
/// <param name="LastArrival">Processing time of the last message, unix milliseconds.</param>
sealed record SourceProgress(long NewestEvent, long LastArrival);
