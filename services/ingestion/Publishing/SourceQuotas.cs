using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>How many distinct series each source has sent within about a day. Thread-safe.</summary>
sealed class SourceQuotas(IngestionOptions options, TimeProvider time)
{
    static readonly TimeSpan _day = TimeSpan.FromDays(1);

    readonly Dictionary<string, int> _limits = options.Keys.Where(key => key.MaxSeries > 0)
        .GroupBy(key => key.Name, StringComparer.Ordinal).ToDictionary(keys => keys.Key, keys => keys.Max(key => key.MaxSeries), StringComparer.Ordinal);
    readonly Dictionary<string, Quota> _quotas = new(StringComparer.Ordinal);
    readonly Lock _gate = new();

    /// <summary>Counts the schema's series towards the source's limit; when they would pass it, none is counted.</summary>
    /// <returns>The limit that would be passed; null when it is not.</returns>
    public int? WhyNot(string source, string entity, SeriesSchema schema)
    {
        var limit = _limits.GetValueOrDefault(source, options.MaxSeriesPerSource);
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (!_quotas.TryGetValue(source, out var quota) || now - quota.Begun > _day)
                _quotas[source] = quota = new Quota(now);
            return quota.TryTake(entity, schema, limit) ? null : limit;
        }
    }

    sealed class Quota(DateTimeOffset begun)
    {
        readonly HashSet<(string Entity, string Schema)> _known = [];
        readonly HashSet<(string Entity, string Series)> _series = [];

        public DateTimeOffset Begun { get; } = begun;

        public bool TryTake(string entity, SeriesSchema schema, int limit)
        {
            if (_known.Contains((entity, schema.Hash)))
                return true;
            if (_series.Count + schema.Columns.Count(column => !_series.Contains((entity, column.Id))) > limit)
                return false;
            foreach (var column in schema.Columns)
                _series.Add((entity, column.Id));
            _known.Add((entity, schema.Hash));
            return true;
        }
    }
}
