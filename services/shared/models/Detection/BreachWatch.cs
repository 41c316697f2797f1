using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>A limit that a series is going to hit, or what became of one.</summary>
readonly record struct BreachAlarm(int Column, long Since, Forecast Forecast)
{
    /// <summary>It stands: the limit is ahead or reached.</summary>
    public bool Stands => Forecast.Course is ForecastCourse.Ahead or ForecastCourse.Reached;
}

/// <summary>
/// Forecasts every series of one entity that has a limit, every 5 s of event time, and tells what becomes of each breach that was
/// predicted: at once when the limit is reached, at the next forecast when the series fell back or no longer goes there. Not thread-safe.
/// </summary>
/// <param name="phase">Shifts the 5 s, so that a fleet that started together is not forecast in the same tick.</param>
sealed class BreachWatch(int phase = 0)
{
    const byte CheckpointVersion = 2;
    const byte WithoutOutcomes = 1;
    const int MaxWatched = 100_000;
    const long EvaluateEveryMs = 5000;

    /// <summary>JSON knows no infinity, and beyond a week a forecast says nothing.</summary>
    static readonly double Farthest = TimeSpan.FromDays(7).TotalSeconds;

    static readonly BreachForecast AtLimit = new(1, 1, 1, 0, 0, 0, 0);
    static readonly BreachForecast Nowhere = new(0, 0, 0, Farthest, Farthest, Farthest, 0);

    readonly Dictionary<string, WatchedLimit> _known = new(StringComparer.Ordinal);
    readonly List<Forecast> _forecasts = [];
    readonly List<BreachAlarm> _told = [];
    WatchedLimit[] _bound = [];
    string _schema = "";
    long _evaluatedAt = long.MinValue;

    /// <summary>The newest forecasts, of those series that are on their way to their limit.</summary>
    public IReadOnlyList<Forecast> Forecasts => _forecasts;

    /// <summary>
    /// Takes one tick; returns what there is to tell, valid until the next one is taken: limits just reached, and when forecasts were made
    /// anew the most urgent limit ahead, one that is reached and stays so, and those that are not ahead any more.
    /// </summary>
    public IReadOnlyList<BreachAlarm> Add(long t, ReadOnlySpan<float> features, SeriesSchema schema)
    {
        Bind(schema);
        _told.Clear();
        foreach (var watched in _bound)
            watched.Forecaster.Add(t, features[(watched.Column * FeatureSpec.Count) + FeatureSpec.Value]);
        if (_evaluatedAt == long.MinValue)
            _evaluatedAt = t - ((uint)phase % (EvaluateEveryMs / 1000) * 1000);
        if (t - _evaluatedAt >= EvaluateEveryMs)
        {
            _evaluatedAt = t;
            Evaluate(t);
        }
        TellReached();
        return _told;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(CheckpointVersion);
        writer.Write(_evaluatedAt);
        writer.Write(_known.Count);
        foreach (var (id, watched) in _known)
        {
            writer.Write(id);
            watched.Write(writer);
        }
    }

    /// <summary>Restores what <see cref="Write"/> wrote, or its predecessor, which knows no outcomes.</summary>
    public static BreachWatch Read(BinaryReader reader)
    {
        var version = reader.ReadByte();
        if (version is not (CheckpointVersion or WithoutOutcomes))
            throw new InvalidDataException($"Forecasts have version {version}, this program reads {WithoutOutcomes} and {CheckpointVersion}.");
        var watch = new BreachWatch { _evaluatedAt = reader.ReadInt64() };
        var count = reader.ReadInt32();
        if (count is < 0 or > MaxWatched)
            throw new InvalidDataException($"The checkpoint claims {count} forecasts.");
        for (var i = 0; i < count; i++)
        {
            var id = reader.ReadString();
            watch._known[id] = WatchedLimit.Read(reader, withOutcome: version == CheckpointVersion);
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

    void Evaluate(long t)
    {
        _forecasts.Clear();
        (WatchedLimit Watched, Forecast Forecast)? urgent = null, reached = null;
        foreach (var watched in _bound)
        {
            var ended = watched.IsPredicted && watched.Forecaster.TryEndByReset(t) ? ForecastCourse.Reset : ForecastCourse.Receded;
            var forecast = watched.Forecaster.Evaluate(t);
            var described = forecast is { } f ? Describe(watched, f, watched.Forecaster.IsAtLimit ? ForecastCourse.Reached : ForecastCourse.Ahead) : null;
            if (described is not null)
                _forecasts.Add(described);

            // Only what was seen coming is a prediction; a series that sits at its limit from the start (a full read-only
            // disk, a saturated core) is a state, and the joint model's business.
            if (watched.Forecaster.IsAlarming && (watched.IsPredicted || forecast is { MedianSeconds: > 0 }))
            {
                if (!watched.IsPredicted)
                    watched.Predict(t);
                if (described is { Course: ForecastCourse.Reached })
                    reached ??= (watched, described);
                else if (described is not null && (urgent is not { } one || described.MedianSeconds < one.Forecast.MedianSeconds))
                    urgent = (watched, described);
            }
            else if (watched.IsPredicted)
            {
                if (watched.IsTold)
                    _told.Add(new BreachAlarm(watched.Column, watched.Since, Describe(watched, forecast ?? Nowhere, ended)));
                watched.End();
            }
        }
        Tell(urgent);
        Tell(reached);
    }

    void Tell((WatchedLimit Watched, Forecast Forecast)? standing)
    {
        if (standing is not var (watched, forecast))
            return;
        watched.IsTold = true;
        watched.IsReached |= forecast.Course == ForecastCourse.Reached;
        _told.Add(new BreachAlarm(watched.Column, watched.Since, forecast));
    }

    /// <summary>That it has come true does not wait for the next forecast.</summary>
    void TellReached()
    {
        foreach (var watched in _bound)
        {
            if (!watched.IsPredicted || watched.IsReached || !watched.Forecaster.IsAtLimit)
                continue;
            (watched.IsReached, watched.IsTold) = (true, true);
            _told.Add(new BreachAlarm(watched.Column, watched.Since, Describe(watched, AtLimit, ForecastCourse.Reached)));
        }
    }

    static Forecast Describe(WatchedLimit watched, BreachForecast forecast, ForecastCourse course) => new()
    {
        Series = watched.Id,
        Limit = watched.Limit,
        P5m = forecast.P5m,
        P15m = forecast.P15m,
        P60m = forecast.P60m,
        MedianSeconds = Math.Min(forecast.MedianSeconds, Farthest),
        LowSeconds = Math.Min(forecast.LowSeconds, Farthest),
        HighSeconds = Math.Min(forecast.HighSeconds, Farthest),
        Course = course,
    };

    void Bind(SeriesSchema schema)
    {
        if (string.Equals(_schema, schema.Hash, StringComparison.Ordinal))
            return;
        _schema = schema.Hash;
        var bound = new List<WatchedLimit>();
        for (var i = 0; i < schema.Columns.Count; i++)
        {
            var column = schema.Columns[i];
            if (LimitOf(column) is not { } limit)
                continue;
            if (!_known.TryGetValue(column.Id, out var watched) || watched.Limit != limit)
                watched = new WatchedLimit(limit, new BreachForecaster(limit));
            watched.Column = i;
            watched.Id = column.Id;
            bound.Add(watched);
        }
        _known.Clear();
        foreach (var watched in bound)
            _known[watched.Id] = watched;
        _bound = [.. bound];
    }
}
