using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.StreamProcessor;

/// <summary>Rolling features of all series of an entity on one cadence. State follows a series by its id when columns change.</summary>
sealed class CadenceFeatures
{
    const int MaxSeries = 100_000;

    string[] _ids = [];
    SeriesFeatures[] _series = [];

    /// <summary>Ticks taken so far.</summary>
    public int Ticks { get; private set; }

    public EntityMaturity Maturity => MaturityLevels.Of(Ticks) switch
    {
        Analytics.Maturity.Cold => EntityMaturity.Cold,
        Analytics.Maturity.Warming => EntityMaturity.Warming,
        _ => EntityMaturity.Warm,
    };

    public void Bind(IReadOnlyList<SeriesColumn> columns)
    {
        var known = new Dictionary<string, SeriesFeatures>(_ids.Length, StringComparer.Ordinal);
        for (var i = 0; i < _ids.Length; i++)
            known[_ids[i]] = _series[i];
        var ids = new string[columns.Count];
        var series = new SeriesFeatures[columns.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            var column = columns[i];
            ids[i] = column.Id;
            series[i] = known.TryGetValue(column.Id, out var state) && string.Equals(state.Unit, column.Unit, StringComparison.Ordinal)
                ? state
                : new SeriesFeatures(column.Unit);
        }
        _ids = ids;
        _series = series;
    }

    /// <summary>Takes one tick; returns columns x features.</summary>
    public float[] Update(long t, ReadOnlySpan<double> values, SeriesProfiles profiles)
    {
        var features = new float[_series.Length * FeatureSpec.Count];
        for (var i = 0; i < _series.Length; i++)
            _series[i].Update(t, values[i], features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count), profiles.At(i, t));
        Ticks = Ticks == int.MaxValue ? Ticks : Ticks + 1;
        return features;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Ticks);
        writer.Write(_ids.Length);
        for (var i = 0; i < _ids.Length; i++)
        {
            writer.Write(_ids[i]);
            _series[i].Write(writer);
        }
    }

    public static CadenceFeatures Read(BinaryReader reader)
    {
        var features = new CadenceFeatures { Ticks = reader.ReadInt32() };
        var count = reader.ReadInt32();
        if (count is < 0 or > MaxSeries)
            throw new InvalidDataException($"The checkpoint claims {count} series.");
        features._ids = new string[count];
        features._series = new SeriesFeatures[count];
        for (var i = 0; i < count; i++)
        {
            features._ids[i] = reader.ReadString();
            features._series[i] = SeriesFeatures.Read(reader);
        }
        return features;
    }
}
