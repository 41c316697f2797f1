using Forewarn.Contracts;

namespace Forewarn.StreamProcessor;

/// <summary>A rule that holds on an entity.</summary>
/// <param name="Rule">Which.</param>
/// <param name="T">Event time.</param>
/// <param name="StepMs">Since the tick before; 0 = unknown.</param>
/// <param name="Watches">On what, the farthest beyond first.</param>
sealed record ThresholdFinding(ThresholdRule Rule, long T, int StepMs, IReadOnlyList<SeriesWatch> Watches);

/// <summary>
/// The users' rules on one entity. Without rules a tick costs a comparison; with rules, columns are bound once per schema and version
/// of the rules. Not thread-safe, but for <see cref="MissingFrom"/>.
/// </summary>
/// <param name="entity">Its name.</param>
/// <param name="forgetAfterMs">A series that is missing for longer than this is forgotten.</param>
sealed class EntityThresholds(string entity, long forgetAfterMs)
{
    /// <summary>Series of one entity that a rule watches at most; each takes up to a kilobyte and a half.</summary>
    public const int MostWatched = 64;

    const byte CheckpointVersion = 1;
    const int MostRecords = 100_000;
    const long LongestStepMs = 900_000;

    readonly List<RuleWatch> _rules = [];
    readonly List<ThresholdFinding> _found = [];
    Dictionary<(string Rule, string Series), WatchRecord>? _restored;
    RuleSet _set = RuleSet.None;
    SeriesSchema? _schema;
    long _last = long.MinValue;
    long _missingFrom = long.MaxValue;
    int _unwatched;

    /// <summary>The event time from which on some series is missing, if nothing comes; <see cref="long.MaxValue"/> = none can be. May be read without a lease.</summary>
    public long MissingFrom => Volatile.Read(ref _missingFrom);

    /// <summary>Series that rules name and that are too many to be watched, once for each binding.</summary>
    public int TakeUnwatched()
    {
        var count = _unwatched;
        _unwatched = 0;
        return count;
    }

    /// <summary>Takes one tick.</summary>
    /// <param name="t">Event time, ascending.</param>
    /// <param name="values">One per column; NaN = not measured.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="set">The rules.</param>
    /// <returns>What holds, at most one finding per rule; valid until the next call.</returns>
    public IReadOnlyList<ThresholdFinding> Take(long t, ReadOnlySpan<double> values, SeriesSchema schema, RuleSet set)
    {
        if (set.Rules.Count == 0 && _set.Rules.Count == 0)
            return [];
        if (!ReferenceEquals(set, _set) || !ReferenceEquals(schema, _schema))
            Bind(schema, set);
        _found.Clear();
        var stepMs = _last == long.MinValue ? 0 : (int)Math.Clamp(t - _last, TickAssembler.GridMs, LongestStepMs);
        _last = t;
        var missingFrom = long.MaxValue;
        foreach (var rule in _rules)
        {
            foreach (var watch in rule.Watches)
            {
                if (watch.Take(t, watch.Place < 0 ? double.NaN : values[watch.Place]))
                    rule.Telling.Add(watch);
                if (rule.IsMissing)
                    missingFrom = Math.Min(missingFrom, watch.MissingFrom);
            }
            if (rule.Telling.Count > 0)
                Find(rule, t, stepMs);
        }
        Volatile.Write(ref _missingFrom, missingFrom);
        return _found;
    }

    /// <summary>Says that the entity has sent nothing up to a time, for rules about missing series.</summary>
    public IReadOnlyList<ThresholdFinding> TakeSilence(long t, RuleSet set)
    {
        if (_schema is not null && !ReferenceEquals(set, _set))
            Bind(_schema, set);
        _found.Clear();
        foreach (var rule in _rules.Where(rule => rule.IsMissing))
        {
            rule.Telling.AddRange(rule.Watches.Where(watch => watch.TakeNone(t)));
            if (rule.Telling.Count > 0)
                Find(rule, t, stepMs: 0);
        }
        return _found;
    }

    /// <summary>Keeps what is under way, so that no restart begins to count anew.</summary>
    public void Write(BinaryWriter writer)
    {
        // Until a tick has come, what was restored is bound to nothing.
        var kept = _restored?.Select(pair => (pair.Key.Rule, Record: pair.Value)).ToList() ?? [.. _rules.SelectMany(rule =>
            rule.Watches.Where(watch => rule.IsMissing || watch.State.Since is not null).Select(watch => (rule.Identity, watch.Record)))];
        writer.Write(CheckpointVersion);
        writer.Write(kept.Count);
        foreach (var (rule, record) in kept)
        {
            writer.Write(rule);
            record.Write(writer);
        }
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public void Restore(BinaryReader reader)
    {
        var version = reader.ReadByte();
        if (version != CheckpointVersion)
            throw new InvalidDataException($"Its thresholds have version {version}, this program reads {CheckpointVersion}.");
        var count = reader.ReadInt32();
        if (count is < 0 or > MostRecords)
            throw new InvalidDataException($"It claims {count} watched series.");
        _restored = [];
        for (var i = 0; i < count; i++)
        {
            var rule = reader.ReadString();
            var record = WatchRecord.Read(reader);
            _restored[(rule, record.Column.Id)] = record;
        }
    }

    void Bind(SeriesSchema schema, RuleSet set)
    {
        var before = _rules.ToDictionary(rule => rule.Identity, StringComparer.Ordinal);
        (_set, _schema, _unwatched) = (set, schema, 0);
        _rules.Clear();
        foreach (var rule in set.Rules)
        {
            if (!rule.Entity.Matches(entity))
                continue;
            var identity = rule.Identity;
            var watches = Watches(rule, identity, schema, before.GetValueOrDefault(identity));
            if (watches.Count > 0)
                _rules.Add(new RuleWatch(rule, identity, watches));
        }
        _restored = null;
    }

    List<SeriesWatch> Watches(ThresholdRule rule, string identity, SeriesSchema schema, RuleWatch? before)
    {
        var watches = new List<SeriesWatch>();
        for (var place = 0; place < schema.Columns.Count; place++)
        {
            var column = schema.Columns[place];
            if (!rule.Matches(column))
                continue;
            if (watches.Count == MostWatched)
                _unwatched++;
            else
                watches.Add(WatchOf(rule, identity, column, before, place));
        }
        if (rule.Condition.Measure != Measure.Missing)
            return watches;

        // What is missing has no column any more after a while, and is missing all the same.
        var gone = (before?.Watches ?? []).Select(watch => watch.Column)
            .Concat((_restored ?? []).Where(kept => kept.Key.Rule == identity).Select(kept => kept.Value.Column))
            .Where(column => !watches.Exists(watch => watch.Column.Id == column.Id)).DistinctBy(column => column.Id, StringComparer.Ordinal).ToList();
        watches.AddRange(gone.Take(MostWatched - watches.Count).Select(column => WatchOf(rule, identity, column, before, place: -1)));
        return watches;
    }

    SeriesWatch WatchOf(ThresholdRule rule, string identity, SeriesColumn column, RuleWatch? before, int place)
    {
        var watch = new SeriesWatch(rule, column) { Place = place };
        if (before?.Watches.Find(known => known.Column.Id == column.Id) is { } earlier)
            watch.Continue(earlier);
        else if (_restored?.GetValueOrDefault((identity, column.Id)) is { } record)
            watch.Restore(record);
        return watch;
    }

    void Find(RuleWatch rule, long t, int stepMs)
    {
        if (rule.IsMissing)
            Forget(rule, t);
        if (rule.Telling.Count == 0)
            return;
        _found.Add(new ThresholdFinding(rule.Rule, t, stepMs, [.. rule.Telling.OrderByDescending(watch => Excess(rule.Rule, watch))]));
        rule.Telling.Clear();
    }

    void Forget(RuleWatch rule, long t)
    {
        rule.Watches.RemoveAll(watch => watch.State.IsFiring && t - watch.LastSeen > forgetAfterMs);
        rule.Telling.RemoveAll(watch => t - watch.LastSeen > forgetAfterMs);
    }

    static double Excess(ThresholdRule rule, SeriesWatch watch) => rule.Condition.Measure == Measure.Missing
        ? -watch.LastSeen
        : rule.Condition.Bound.IsUpper ? watch.Value : -watch.Value;

    sealed class RuleWatch(ThresholdRule rule, string identity, List<SeriesWatch> watches)
    {
        public ThresholdRule Rule => rule;
        public string Identity => identity;
        public List<SeriesWatch> Watches => watches;
        public bool IsMissing => rule.Condition.Measure == Measure.Missing;

        /// <summary>Those that have something to tell on the tick under way.</summary>
        public List<SeriesWatch> Telling { get; } = [];
    }
}
