using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>What the lanes of an entity say about a tick.</summary>
/// <param name="Decision">Theirs together.</param>
/// <param name="Strangest">Column of the strangest metric; -1 when none was measured.</param>
/// <param name="Lane">Its judgement.</param>
/// <param name="Telling">How much there is to tell: strangeness, told once for an event.</param>
readonly record struct LaneDecision(ScoreDecision Decision, int Strangest, LaneJudgement Lane, double Telling);

/// <summary>
/// Decides for entities of few metrics, each judged for itself by a <see cref="MetricLane"/>: where there is little to compare a
/// metric with, its own past says most. A lane takes 65 KB and microseconds, so it works on minutes and for
/// <see cref="MostSeries"/> at most. Not thread-safe.
/// </summary>
sealed class LaneVoice(DetectorOptions options)
{
    /// <summary>Metrics of an entity that has lanes, at most.</summary>
    public const int MostSeries = 8;

    const byte CheckpointVersion = 1;

    DetectorOptions _options = options;
    Slot[] _slots = [];
    string _schema = "";

    public bool IsOpen { get; private set; }

    /// <summary>Event time of the tick that opened what is open.</summary>
    public long Since { get; private set; }

    /// <summary>Another level from here on; what was learned and what is open stay.</summary>
    public void Use(DetectorOptions next)
    {
        _options = next;
        foreach (var slot in _slots)
            slot.Lane.Level = OpensAt(_slots.Length);
    }

    public static bool Fits(SeriesSchema schema) => schema.Columns.Count is >= 1 and <= MostSeries;

    /// <summary>On the scale of all scores, 0 to 1: half of it is about one point in a thousand of ordinary data.</summary>
    public static float Scaled(double strangeness) => (float)(strangeness / (strangeness + 1));

    /// <param name="t">Event time, unix milliseconds; ascending.</param>
    /// <param name="features">Columns x features.</param>
    /// <param name="schema">One that fits.</param>
    public LaneDecision Decide(long t, ReadOnlySpan<float> features, SeriesSchema schema)
    {
        Bind(schema);
        var (was, strangest, most, open) = (IsOpen, -1, default(LaneJudgement), false);
        double rarest = 1, rarities = 0, telling = 0;
        var extrapolated = false;
        for (var i = 0; i < _slots.Length; i++)
        {
            var value = features[(i * FeatureSpec.Count) + FeatureSpec.Value];
            var judged = float.IsNaN(value) ? _slots[i].Lane.Miss() : _slots[i].Lane.Take(t, value);
            open |= judged.Open;
            telling = Math.Max(telling, judged.Score);
            rarities -= Math.Log10(judged.P);
            if (judged.P < rarest)
                (rarest, extrapolated) = (judged.P, judged.Tail.Extrapolated);
            if (strangest < 0 || judged.Strangeness > most.Strangeness || (judged.Events != LaneEvents.None && most.Events == LaneEvents.None))
                (strangest, most) = (i, judged);
        }
        IsOpen = _options.Threshold is { } threshold ? Scaled(most.Strangeness) >= threshold : open;
        if (IsOpen && !was)
            Since = t;
        // As rare as the rarest of so many independent metrics (Sidak 1967).
        var p = Math.Max(1 - Math.Pow(1 - rarest, _slots.Length), double.Epsilon);
        var decision = new ScoreDecision(new TailProbability(p, extrapolated), IsOpen, IsOpen, IsOpen, ScoreDecision.ChangeOf(was, IsOpen));
        return new LaneDecision(decision, strangest, most, _slots.Length == 1 ? telling : most.Strangeness + (rarities / _slots.Length));
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(CheckpointVersion);
        writer.Write(_schema);
        writer.Write(IsOpen);
        writer.Write(Since);
        writer.Write(_slots.Length);
        foreach (var slot in _slots)
        {
            writer.Write(slot.Series);
            slot.Lane.Write(writer);
        }
    }

    public static LaneVoice Read(BinaryReader reader, DetectorOptions options)
    {
        var version = reader.ReadByte();
        if (version != CheckpointVersion)
            throw new InvalidDataException($"Lanes have version {version}, this program reads {CheckpointVersion}.");
        var voice = new LaneVoice(options) { _schema = reader.ReadString(), IsOpen = reader.ReadBoolean(), Since = reader.ReadInt64() };
        var count = reader.ReadInt32();
        if (count is < 0 or > MostSeries)
            throw new InvalidDataException($"An entity with lanes claims {count} of them; at most {MostSeries} are possible.");
        voice._slots = new Slot[count];
        for (var i = 0; i < count; i++)
            voice._slots[i] = new Slot(reader.ReadString(), MetricLane.Read(reader, voice.OpensAt(count)));
        return voice;
    }

    void Bind(SeriesSchema schema)
    {
        if (schema.Hash == _schema)
            return;
        var known = _slots.ToDictionary(slot => slot.Series, slot => slot.Lane, StringComparer.Ordinal);
        var opensAt = OpensAt(schema.Columns.Count);
        _slots = [.. schema.Columns.Select(column => new Slot(column.Id, known.TryGetValue(column.Id, out var lane) ? lane : new MetricLane(opensAt: opensAt)))];
        _schema = schema.Hash;
    }

    // Several lanes have as many chances of a false alarm.
    double OpensAt(int lanes) => Math.Min(0.05, MetricLane.OpensAt * _options.FalseAlarmsPerWeek / DetectorOptions.UsualFalseAlarms / lanes);

    sealed record Slot(string Series, MetricLane Lane);
}
