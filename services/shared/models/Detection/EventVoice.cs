using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>What happened to single metrics of an entity, as far as it lasts.</summary>
/// <param name="Column">Column of the metric with the most telling event, the rarest of its kind.</param>
/// <param name="Watch">Its watch.</param>
/// <param name="Others">Other metrics that something happened to.</param>
/// <param name="P">
/// Probability that any of the entity's metrics has an event as rare at a tick: its own, times the metrics (Bonferroni). 1 without one.
/// </param>
readonly record struct EventDecision(int Column, MetricWatch? Watch, int Others, double P)
{
    public static EventDecision None { get; } = new(-1, Watch: null, Others: 0, P: 1);

    public bool IsOpen => Watch is not null;

    /// <summary>
    /// Both together: whichever finds the tick rarer says how rare it is, and what either holds open is open. Under a plain
    /// threshold scores alone decide.
    /// </summary>
    public ScoreDecision Join(ScoreDecision voice)
    {
        if (!IsOpen)
            return voice;
        var tail = P < voice.Tail.P ? new TailProbability(P, Extrapolated: true) : voice.Tail;
        return voice with { Tail = tail, Beyond = true, Alarming = true, IsOpen = true };
    }
}

/// <summary>
/// Tells what happens to single metrics, whatever decides about the entity: each is watched by a <see cref="MetricWatch"/> on the
/// entity's own ticks. About 630 bytes a metric with its place. Not thread-safe.
/// </summary>
sealed class EventVoice(DetectorOptions options)
{
    /// <summary>Probability of an event of any metric at a tick, at the usual budget: at one tick a second about one in two weeks, were its points independent.</summary>
    public const double Improbable = 1e-6;

    const byte CheckpointVersion = 1;
    const int MostMetrics = 100_000;

    DetectorOptions _options = options;
    Slot[] _slots = [];
    string _schema = "";

    /// <summary>Another level from here on; what was learned stays.</summary>
    public void Use(DetectorOptions next) => _options = next;

    /// <param name="t">Event time, unix milliseconds; ascending.</param>
    /// <param name="features">Columns x features.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="withLevels">
    /// Levels and trends count. On minutes a joint model and lanes see a level sooner and hold it themselves: on the labelled servers levels beside them
    /// find 2 of 55 events more, with a sixth more false episodes. On seconds a joint model asks for more than one metric's step.
    /// </param>
    public EventDecision Decide(long t, ReadOnlySpan<float> features, SeriesSchema schema, bool withLevels)
    {
        Bind(schema);
        if (_options.Threshold is not null)
            return EventDecision.None;
        var improbable = Math.Min(Improbable * _options.FalseAlarmsPerWeek / DetectorOptions.UsualFalseAlarms, 1e-3) / Math.Max(1, _slots.Length);
        var (column, happens, rarest, count) = (-1, MetricEvent.None, 1.0, 0);
        for (var i = 0; i < _slots.Length; i++)
        {
            var watch = _slots[i].Watch;
            var told = watch.Take(t, features.Slice(i * FeatureSpec.Count, FeatureSpec.Count), improbable);
            if (told == MetricEvent.None || (!withLevels && told is (MetricEvent.Level or MetricEvent.Ramp or MetricEvent.Trend)))
                continue;
            count++;
            var p = watch.P;
            if (column < 0 || told > happens || (told == happens && p < rarest))
                (column, happens, rarest) = (i, told, p);
        }
        return column < 0
            ? EventDecision.None
            : new EventDecision(column, _slots[column].Watch, count - 1, Math.Min(1, rarest * _slots.Length));
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(CheckpointVersion);
        writer.Write(_schema);
        writer.Write(_slots.Length);
        foreach (var slot in _slots)
        {
            writer.Write(slot.Series);
            slot.Watch.Write(writer);
        }
    }

    public static EventVoice Read(BinaryReader reader, DetectorOptions options)
    {
        var version = reader.ReadByte();
        if (version != CheckpointVersion)
            throw new InvalidDataException($"Watches of metrics have version {version}, this program reads {CheckpointVersion}.");
        var voice = new EventVoice(options) { _schema = reader.ReadString() };
        var count = reader.ReadInt32();
        if (count is < 0 or > MostMetrics)
            throw new InvalidDataException($"An entity claims {count} watched metrics; at most {MostMetrics} are possible.");
        voice._slots = new Slot[count];
        for (var i = 0; i < count; i++)
            voice._slots[i] = new Slot(reader.ReadString(), MetricWatch.Read(reader));
        return voice;
    }

    void Bind(SeriesSchema schema)
    {
        if (schema.Hash == _schema)
            return;
        var known = _slots.ToDictionary(slot => slot.Series, slot => slot.Watch, StringComparer.Ordinal);
        _slots = [.. schema.Columns.Select(column => new Slot(column.Id, known.GetValueOrDefault(column.Id) ?? new MetricWatch()))];
        _schema = schema.Hash;
    }

    sealed record Slot(string Series, MetricWatch Watch);
}
