using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>What StatsD clients have sent since the last flush, by entity. Not thread-safe.</summary>
/// <param name="maxEntities">Entities at most, of five minutes.</param>
/// <param name="maxSeries">Series of an entity at most, of five minutes.</param>
sealed class StatsdTable(int maxEntities, int maxSeries)
{
    /// <summary>Entity of what names none.</summary>
    public const string Fallback = "statsd";

    /// <summary>For so long a name goes on after its last sample: a counter with 0, a gauge with its level.</summary>
    const long SilentMs = 300_000;

    readonly Dictionary<string, Dictionary<string, StatsdSlot>> _entities = new(StringComparer.Ordinal);

    /// <summary>False when there is no room for a new name.</summary>
    public bool Take(StatsdSample sample, long t)
    {
        var tags = sample.Tags;
        var named = EntityTag.In(tags);
        var entity = named < 0 || tags[named].Value.Length == 0 ? Fallback : Tidy.Entity(tags[named].Value);
        if (named >= 0)
            tags.RemoveAt(named);
        if (!_entities.TryGetValue(entity, out var slots))
        {
            if (_entities.Count == maxEntities)
                return false;
            _entities[entity] = slots = new Dictionary<string, StatsdSlot>(StringComparer.Ordinal);
        }
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags.Take(Names.MaxLabels))
            labels[Tidy.Name(key, Names.MaxLabelKey)] = value.Length == 0 ? "true" : Tidy.LabelValue(value);
        // Two kinds of one name are two things, whose series must not be the same.
        var name = Tidy.Name(sample.Name, Names.MaxName - ".unique".Length);
        var id = $"{sample.Kind}\n{name}\n{string.Join('\n', labels.Select(label => $"{label.Key}={label.Value}"))}";
        if (!slots.TryGetValue(id, out var slot))
        {
            slot = new StatsdSlot(name, sample.Kind, labels);
            var known = slots.Values.SelectMany(other => other.Columns).Select(column => column.Id).ToHashSet(StringComparer.Ordinal);
            if (known.Count + slot.Columns.Count > maxSeries || slot.Columns.Any(column => known.Contains(column.Id)))
                return false;
            slots[id] = slot;
        }
        slot.Take(sample, t);
        return true;
    }

    /// <summary>One row of each entity; what has been silent for five minutes is forgotten.</summary>
    /// <param name="t">Event time, unix milliseconds.</param>
    /// <param name="seconds">Since the last flush.</param>
    public IReadOnlyList<Submission> Flush(long t, double seconds)
    {
        var submissions = new List<Submission>(_entities.Count);
        foreach (var (entity, slots) in _entities.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            foreach (var (id, slot) in slots.Where(pair => t - pair.Value.LastT >= SilentMs).ToList())
                slots.Remove(id);
            if (slots.Count == 0)
            {
                _entities.Remove(entity);
                continue;
            }
            var schema = SeriesSchema.Of([.. slots.Values.SelectMany(slot => slot.Columns)]);
            double[] values = [.. slots.Values.SelectMany(slot => slot.Flush(seconds))];
            submissions.Add(new Submission(entity, schema, [new MetricRow(t, values)], Sources.Statsd));
        }
        return submissions;
    }
}
