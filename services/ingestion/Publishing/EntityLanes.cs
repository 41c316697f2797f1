namespace Forewarn.Ingestion;

/// <summary>The lanes of all entities, at most <see cref="IngestionOptions.MaxEntities"/> within a day.</summary>
sealed class EntityLanes(IngestionOptions options, SourceQuotas quotas, TimeProvider time)
{
    static readonly TimeSpan _idle = TimeSpan.FromDays(1);

    readonly Dictionary<string, EntityLane> _lanes = new(StringComparer.Ordinal);
    readonly Lock _gate = new();
    long _firstSeq = 1;

    public int Count
    {
        get { lock (_gate) return _lanes.Count; }
    }

    /// <summary>Entities that have sent within <paramref name="span"/>.</summary>
    public int CountSince(TimeSpan span)
    {
        var since = time.GetUtcNow() - span;
        lock (_gate)
            return _lanes.Values.Count(lane => lane.LastUsed >= since);
    }

    /// <summary>The lane of a submission's entity, or why there is none.</summary>
    /// <param name="field">Where the submission stands in the request.</param>
    public Refusal? Admit(Submission submission, string field, out EntityLane lane)
    {
        var (entity, schema) = (submission.Entity, submission.Schema);
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (!_lanes.TryGetValue(entity, out lane!))
            {
                if (_lanes.Count >= options.MaxEntities)
                    ForgetIdle(now);
                if (_lanes.Count >= options.MaxEntities)
                    return new(429, "entities", $"{field}.entity", $"is new, and {options.MaxEntities} entities are the limit (INGESTION__MAXENTITIES)");
                _lanes[entity] = lane = new EntityLane(_firstSeq, options.MaxSeriesPerEntity);
            }
        }
        if (quotas.WhyNot(submission.Sender, entity, schema) is { } most)
            return new(429, "source", $"{field}.series", $"would give the source {submission.Sender} more than {most} distinct series (INGESTION__MAXSERIESPERSOURCE, or MAXSERIES of its key)");
        return lane.TryAdmit(schema, now)
            ? null
            : new(429, "series", $"{field}.series", $"would give the entity more than {options.MaxSeriesPerEntity} distinct series (INGESTION__MAXSERIESPERENTITY)");
    }

    void ForgetIdle(DateTimeOffset now)
    {
        foreach (var (entity, lane) in _lanes.Where(pair => now - pair.Value.LastUsed > _idle).ToList())
        {
            // Should the entity come back, its numbers must lie above those it has used.
            _firstSeq = Math.Max(_firstSeq, lane.Seq + 1);
            _lanes.Remove(entity);
        }
    }
}
