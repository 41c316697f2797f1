using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.StreamProcessor;

/// <summary>Everything known about one entity. The holder of its lease alone calls it.</summary>
sealed class EntityState(string entity, EntitySettings settings) : IEntityState
{
    const byte CheckpointVersion = 5;
    const byte WithoutThresholds = 4;
    const int MaxLanes = 256;
    const int MinuteMs = 60_000;

    /// <summary>A lane that has not spoken for this long, and for ten of its intervals, takes its columns with it.</summary>
    const long LaneForgottenMs = 300_000;

    readonly FeatureOutbox _outbox = new(entity, settings.Producer);
    EntityFeatures _features = new();
    double[] _values = [];

    public string Entity { get; } = entity;
    public SequenceGuard Sequence { get; private set; } = new();
    public TickAssembler Assembler { get; } = new(settings.MergeMs);
    public EntityLife Life { get; private set; } = new();
    public FeatureOutbox Outbox => _outbox;

    /// <summary>The users' rules on it.</summary>
    public EntityThresholds Thresholds { get; } = new(entity, settings.ForgetMissingAfterMs);

    /// <summary>What rules have found.</summary>
    public Outbox<Detection> Detections { get; } = new();

    /// <summary>The entity's columns; null before its first samples.</summary>
    public SeriesSchema? Schema { get; private set; }

    public long LastTick => Assembler.LastClosed;

    public bool HasUnpublished => _outbox.Batches.Count > 0 || Detections.Count > 0;

    /// <summary>Cadence that its own ticks are published on, milliseconds: 1,000, or 60,000 where they come no faster.</summary>
    public int TickCadenceMs => _features.TickCadenceMs;

    /// <summary>Takes the rows of one message; ticks close with <see cref="Close"/>.</summary>
    /// <param name="batch">The message; its rows have as many values as <paramref name="schema"/> has columns.</param>
    /// <param name="schema">Its columns.</param>
    /// <param name="heard">Time on the clock of the message's door, <see cref="SourceProgress.HeardMs"/>.</param>
    /// <param name="now">Processing time, unix milliseconds.</param>
    /// <param name="latest">Rows beyond this time stay out.</param>
    /// <param name="counts">Counts what was left out.</param>
    public void Apply(MetricBatch batch, SeriesSchema schema, double heard, long now, long latest, ref ApplyCounts counts)
    {
        var lane = LaneOf(schema);
        var (taken, before, coveredMs) = (false, long.MaxValue, 0L);
        foreach (var row in batch.Rows)
        {
            if (row.T > latest)
                counts.Ahead++;
            else if (Assembler.Add(lane, row, batch.Stamps.Received, now))
            {
                if (row.T > before && row.T - before <= Math.Max(EntityLife.LeastPauseMs, 3 * lane.IntervalMs))
                    coveredMs += row.T - before;
                (taken, before) = (true, row.T);
            }
            else
                counts.Late++;
        }
        if (taken)
            Life.Report(batch.Source, heard, now, coveredMs);
        Sequence.Accept(batch.Producer, batch.Seq);
    }

    /// <summary>Turns the ticks that are complete or have waited long enough into feature batches in the outbox.</summary>
    /// <returns>Ticks closed.</returns>
    public int Close(long now, bool force = false)
    {
        var closed = 0;
        while (Assembler.TryClose(now, force) is { } tick)
        {
            tick.Merge(_values);
            var ticked = _features.Update(tick.T, _values, out var minute);
            _outbox.Add(Schema!, TickCadenceMs, _features.Ticks.Maturity, ticked, tick.Received);
            if (minute is not null)
                _outbox.Add(Schema!, MinuteMs, _features.Minutes.Maturity, minute, tick.Received);
            Tell(Thresholds.Take(tick.T, _values, Schema!, settings.Rules()), tick.Received, now);
            Assembler.Release(tick);
            closed++;
        }
        if (closed > 0)
        {
            _outbox.Seal(now);
            ForgetLanes();
        }
        return closed;
    }

    /// <summary>
    /// Feeds a tick from history into the state and publishes nothing: whoever had the entity published it, or nobody
    /// can any more. Ticks not later than the last one are skipped.
    /// </summary>
    /// <param name="t">A grid point.</param>
    /// <param name="parts">The rows of that tick with their columns.</param>
    /// <returns>False when it was skipped.</returns>
    public bool Replay(long t, IReadOnlyList<(SeriesSchema Schema, MetricRow Row)> parts)
    {
        if (t <= LastTick)
            return false;
        var tick = new OpenTick();
        tick.Start(t, now: 0);
        foreach (var (schema, row) in parts)
        {
            var lane = LaneOf(schema);
            lane.Observe(t);
            tick.Add(lane, row, received: 0, now: 0);
        }
        tick.Merge(_values);
        _features.Update(t, _values, out _);
        Thresholds.Take(t, _values, Schema!, settings.Rules());
        Assembler.AdvanceTo(t);
        return true;
    }

    /// <summary>Puts into the outbox what rules say about missing series of an entity that sends nothing any more.</summary>
    /// <param name="newest">Event time that its door has come to.</param>
    /// <param name="now">Processing time.</param>
    /// <returns>How many rules have something to say.</returns>
    public int TellMissing(long newest, long now)
    {
        // On a grid from the last sign of life, so that two replicas that say the same thing give it the same id.
        var silent = newest - LastTick;
        var findings = Thresholds.TakeSilence(LastTick + Math.Max(silent / TickAssembler.GridMs * TickAssembler.GridMs, 0), settings.Rules());
        Tell(findings, received: now, now);
        return findings.Count;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(CheckpointVersion);
        writer.Write(LastTick);
        Sequence.Write(writer);
        Life.Write(writer);
        writer.Write(Assembler.Lanes.Count);
        foreach (var lane in Assembler.Lanes)
        {
            writer.Write(JsonSerializer.Serialize(lane.Schema, ContractJson.Default.SeriesSchema));
            lane.Write(writer);
        }
        _features.Write(writer);
        Thresholds.Write(writer);
    }

    public static EntityState Read(string entity, BinaryReader reader, EntitySettings settings)
    {
        var version = reader.ReadByte();
        if (version is not (CheckpointVersion or WithoutThresholds))
            throw new InvalidDataException($"It has version {version}, this program reads {WithoutThresholds} and {CheckpointVersion}.");
        var state = new EntityState(entity, settings);
        state.Assembler.AdvanceTo(reader.ReadInt64());
        state.Sequence = SequenceGuard.Read(reader);
        state.Life = EntityLife.Read(reader);
        var lanes = reader.ReadInt32();
        if (lanes is < 1 or > MaxLanes)
            throw new InvalidDataException($"It claims {lanes} lanes.");
        for (var i = 0; i < lanes; i++)
        {
            var lane = new Lane(ReadSchema(reader));
            lane.Restore(reader);
            state.Assembler.Lanes.Add(lane);
        }
        state._features = EntityFeatures.Read(reader);
        if (version == CheckpointVersion)
            state.Thresholds.Restore(reader);
        state.Schema = CombinedColumns.Combine(state.Assembler.Lanes);
        state._values = new double[state.Schema.Columns.Count];
        return state;
    }

    static SeriesSchema ReadSchema(BinaryReader reader)
    {
        try
        {
            return JsonSerializer.Deserialize(reader.ReadString(), ContractJson.Default.SeriesSchema)
                ?? throw new InvalidDataException("A schema in it is null.");
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException($"A schema in it cannot be read: {damaged.Message}", damaged);
        }
    }

    void Tell(IReadOnlyList<ThresholdFinding> findings, long received, long now)
    {
        for (var i = 0; i < findings.Count; i++)
        {
            var detection = ThresholdDetections.Of(Entity, findings[i], received, now);
            Detections.Add(Entity, detection.Id, detection);
        }
    }

    Lane LaneOf(SeriesSchema schema)
    {
        foreach (var known in Assembler.Lanes)
        {
            if (string.Equals(known.Schema.Hash, schema.Hash, StringComparison.Ordinal))
                return known;
        }
        if (Assembler.Lanes.Count == MaxLanes)
            Assembler.Lanes.Remove(Assembler.Lanes.MinBy(static lane => lane.LastTick)!);
        var lane = new Lane(schema);
        Assembler.Lanes.Add(lane);
        Rebind();
        return lane;
    }

    void ForgetLanes()
    {
        if (Assembler.Lanes.Count == 1)
            return;
        var gone = Assembler.Lanes.RemoveAll(lane =>
            lane.LastTick != long.MinValue && LastTick - lane.LastTick > Math.Max(LaneForgottenMs, 10 * lane.IntervalMs));
        if (gone > 0)
            Rebind();
    }

    void Rebind()
    {
        Schema = CombinedColumns.Combine(Assembler.Lanes);
        _features.Bind(Schema.Columns);
        _values = new double[Schema.Columns.Count];
    }
}
