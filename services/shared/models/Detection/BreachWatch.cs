using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>A limit that a series is going to hit.</summary>
readonly record struct BreachAlarm(int Column, long Since, Forecast Forecast);

/// <summary>Forecasts every series of one entity that has a limit, every 5 s of event time. Not thread-safe.</summary>
/// <param name="phase">Shifts the 5 s, so that a fleet that started together is not forecast in the same tick.</param>
sealed class BreachWatch(int phase = 0)
{
    const byte CheckpointVersion = 1;
    const int MaxWatched = 100_000;
    const long EvaluateEveryMs = 5000;

    /// <summary>JSON knows no infinity, and beyond a week a forecast says nothing.</summary>
    static readonly double Farthest = TimeSpan.FromDays(7).TotalSeconds;

    readonly Dictionary<string, Watched> _known = new(StringComparer.Ordinal);
    readonly List<Forecast> _forecasts = [];
    Watched[] _bound = [];
    string _schema = "";
    long _evaluatedAt = long.MinValue;

    /// <summary>The newest forecasts, of those series that are on their way to their limit.</summary>
    public IReadOnlyList<Forecast> Forecasts => _forecasts;

    /// <summary>Takes one tick; returns the most urgent alarm when forecasts were made anew and one stands.</summary>
    public BreachAlarm? Add(long t, ReadOnlySpan<float> features, SeriesSchema schema)
    {
        Bind(schema);
        foreach (var watched in _bound)
            watched.Forecaster.Add(t, features[(watched.Column * FeatureSpec.Count) + FeatureSpec.Value]);
        if (_evaluatedAt == long.MinValue)
            _evaluatedAt = t - ((uint)phase % (EvaluateEveryMs / 1000) * 1000);
        if (t - _evaluatedAt < EvaluateEveryMs)
            return null;
        _evaluatedAt = t;
        return Evaluate(t);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(CheckpointVersion);
        writer.Write(_evaluatedAt);
        writer.Write(_known.Count);
        foreach (var (id, watched) in _known)
        {
            writer.Write(id);
            writer.Write(watched.Limit);
            writer.Write(watched.WasPredicted);
            writer.Write(watched.Since);
            watched.Forecaster.Write(writer);
        }
    }

    public static BreachWatch Read(BinaryReader reader)
    {
        var version = reader.ReadByte();
        if (version != CheckpointVersion)
            throw new InvalidDataException($"Forecasts have version {version}, this program reads {CheckpointVersion}.");
        var watch = new BreachWatch { _evaluatedAt = reader.ReadInt64() };
        var count = reader.ReadInt32();
        if (count is < 0 or > MaxWatched)
            throw new InvalidDataException($"The checkpoint claims {count} forecasts.");
        for (var i = 0; i < count; i++)
        {
            var id = reader.ReadString();
            var limit = reader.ReadDouble();
            var predicted = reader.ReadBoolean();
            var since = reader.ReadInt64();
            watch._known[id] = new Watched(limit, BreachForecaster.Read(reader)) { WasPredicted = predicted, Since = since };
        }
        return watch;
    }

    /// <summary>The limit of a series: its own, or what its unit tells.</summary>
    public static double? LimitOf(SeriesColumn column)
    {
        if (column.Limit is { } limit)
            return limit;
        return UnitTraits.LimitFor(column.Name, column.Unit, ResourceState.Of(column.Labels));
    }

    BreachAlarm? Evaluate(long t)
    {
        _forecasts.Clear();
        BreachAlarm? worst = null;
        foreach (var watched in _bound)
        {
            var forecast = watched.Forecaster.Evaluate(t);

            // Only what was seen coming is a prediction; a series that sits at its limit from the start (a full read-only
            // disk, a saturated core) is a state, and the joint model's business.
            var predicted = watched.Forecaster.IsAlarming && (watched.WasPredicted || forecast is { MedianSeconds: > 0 });
            if (predicted && !watched.WasPredicted)
                watched.Since = t;
            watched.WasPredicted = predicted;
            if (forecast is not { } f)
                continue;
            var described = Describe(watched, f);
            _forecasts.Add(described);
            if (watched.WasPredicted && (worst is null || described.MedianSeconds < worst.Value.Forecast.MedianSeconds))
                worst = new BreachAlarm(watched.Column, watched.Since, described);
        }
        return worst;
    }

    static Forecast Describe(Watched watched, BreachForecast forecast) => new()
    {
        Series = watched.Id,
        Limit = watched.Limit,
        P5m = forecast.P5m,
        P15m = forecast.P15m,
        P60m = forecast.P60m,
        MedianSeconds = Math.Min(forecast.MedianSeconds, Farthest),
        LowSeconds = Math.Min(forecast.LowSeconds, Farthest),
        HighSeconds = Math.Min(forecast.HighSeconds, Farthest),
    };

    void Bind(SeriesSchema schema)
    {
        if (string.Equals(_schema, schema.Hash, StringComparison.Ordinal))
            return;
        _schema = schema.Hash;
        var bound = new List<Watched>();
        for (var i = 0; i < schema.Columns.Count; i++)
        {
            var column = schema.Columns[i];
            if (LimitOf(column) is not { } limit)
                continue;
            if (!_known.TryGetValue(column.Id, out var watched) || watched.Limit != limit)
                watched = new Watched(limit, new BreachForecaster(limit));
            watched.Column = i;
            watched.Id = column.Id;
            bound.Add(watched);
        }
        _known.Clear();
        foreach (var watched in bound)
            _known[watched.Id] = watched;
        _bound = [.. bound];
    }

    sealed class Watched(double limit, BreachForecaster forecaster)
    {
        public double Limit { get; } = limit;
        public BreachForecaster Forecaster { get; } = forecaster;
        public string Id { get; set; } = "";
        public int Column { get; set; }

        /// <summary>The alarm that stands was raised before the limit was reached.</summary>
        public bool WasPredicted { get; set; }

        /// <summary>When it was raised, event time.</summary>
        public long Since { get; set; }
    }
}
