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
    /// <returns>The door it came through.</returns>
    public SourceProgress Observe(MetricBatch batch, long now, long latest)
    {
        var progress = _sources.GetOrAdd(batch.Source, static _ => new SourceProgress());
        var newest = long.MinValue;
        foreach (var row in batch.Rows)
        {
            if (row.T <= latest)
                newest = Math.Max(newest, row.T);
        }
        if (newest != long.MinValue)
            progress.Observe(newest, batch.Stamps.Received, now);
        return progress;
    }

    public SourceProgress? Of(string source) => _sources.TryGetValue(source, out var progress) ? progress : null;
}
