using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.StreamProcessor;

/// <summary>
/// Features of an entity on both cadences: its own ticks, and the 1-minute means of them. Ticks that come a minute apart or
/// slower are minutes themselves: no rule made for seconds can judge them, and their means would only repeat them.
/// </summary>
sealed class EntityFeatures
{
    const int MinuteMs = 60_000;

    readonly CadenceFeatures _ticks;
    readonly CadenceFeatures _minutes;
    readonly SeriesProfiles _profiles;
    MinuteAggregator _aggregator;
    TickRhythm _rhythm = new();
    double[] _means = [];
    int _ticksInMinute;

    public EntityFeatures()
        : this(new CadenceFeatures(), new CadenceFeatures(), new SeriesProfiles(), new MinuteAggregator(0))
    {
    }

    EntityFeatures(CadenceFeatures ticks, CadenceFeatures minutes, SeriesProfiles profiles, MinuteAggregator aggregator)
    {
        _ticks = ticks;
        _minutes = minutes;
        _profiles = profiles;
        _aggregator = aggregator;
        _means = new double[aggregator.Series];
    }

    public CadenceFeatures Ticks => _ticks;

    public CadenceFeatures Minutes => _minutes;

    /// <summary>Cadence on which the newest own tick is to be judged, milliseconds.</summary>
    public int TickCadenceMs => _rhythm.IsSlow ? MinuteMs : TickAssembler.GridMs;

    /// <summary>Takes over new columns. The minute under way starts again: its mean is then one of the rest of the minute.</summary>
    public void Bind(IReadOnlyList<SeriesColumn> columns)
    {
        _ticks.Bind(columns);
        _minutes.Bind(columns);
        _profiles.Bind(columns);
        _aggregator = new MinuteAggregator(columns.Count);
        _means = new double[columns.Count];
        _ticksInMinute = 0;
    }

    /// <summary>Takes one tick. <paramref name="minute"/> is set when it completed a minute of an entity faster than that.</summary>
    public FeatureTick Update(long t, ReadOnlySpan<double> values, out FeatureTick? minute)
    {
        minute = null;
        var isSlow = _rhythm.Take(t);
        if (_aggregator.Add(t, values, _means, out var start))
        {
            _profiles.Add(start, _means);
            // One tick a minute or less: the minute cadence would only repeat it.
            if (_ticksInMinute > 1 && !isSlow)
                minute = new FeatureTick(start, _minutes.Update(start, _means, _profiles));
            _ticksInMinute = 0;
        }
        _ticksInMinute++;
        return new FeatureTick(t, _ticks.Update(t, values, _profiles));
    }

    public void Write(BinaryWriter writer)
    {
        _ticks.Write(writer);
        _minutes.Write(writer);
        _profiles.Write(writer);
        _aggregator.Write(writer);
        writer.Write(_ticksInMinute);
        _rhythm.Write(writer);
    }

    public static EntityFeatures Read(BinaryReader reader) =>
        new(CadenceFeatures.Read(reader), CadenceFeatures.Read(reader), SeriesProfiles.Read(reader), MinuteAggregator.Read(reader))
        {
            _ticksInMinute = reader.ReadInt32(),
            _rhythm = TickRhythm.Read(reader),
        };
}
