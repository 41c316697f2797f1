using Forewarn.Testing;

namespace Forewarn.Analytics.Tests.Simulation;

/// <summary>The path of a tick through the library with the shipped defaults, as the predictor walks it.</summary>
sealed class Pipeline
{
    readonly FirstModel _model;
    readonly IOnlineScorer? _online;
    readonly SeriesFeatures[] _series;
    readonly BreachForecaster?[] _forecasters;
    readonly float[] _features;
    readonly float[] _row = new float[RowSpec.Count];
    readonly TailCalibrator _calibrator;
    readonly Debouncer _debouncer = new();

    public Pipeline(IReadOnlyList<(string Name, string Unit)> series, FirstModel? model = null)
    {
        _model = model ?? FirstModel.Forest;
        _online = _model.Online?.Invoke();
        _calibrator = new TailCalibrator(_model.Prior, DecisionDefaults.CalibrationHorizon);
        _series = [.. series.Select(s => new SeriesFeatures(s.Unit))];
        _features = new float[series.Count * FeatureSpec.Count];
        _forecasters = [.. series.Select(s => UnitTraits.LimitFor(s.Name, s.Unit, StateOf(s.Name)) is { } limit ? new BreachForecaster(limit) : null)];
    }

    public float Score { get; private set; }

    public double P { get; private set; }

    public bool IsOpen => _debouncer.IsOpen;

    /// <summary>Series whose forecaster alarms.</summary>
    public int Alarming => _forecasters.Count(f => f is { IsAlarming: true });

    public ReadOnlySpan<float> Features => _features;

    public ReadOnlySpan<float> Row => _row;

    public DebounceChange Update(int tick, double[] values)
    {
        var time = 1_700_000_000_000L + (tick * 1000L);
        for (var i = 0; i < _series.Length; i++)
        {
            _series[i].Update(time, values[i], _features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
            if (_forecasters[i] is { } forecaster)
            {
                forecaster.Add(time, values[i]);
                if (tick >= MaturityLevels.WarmSamples && tick % 2 == 0)
                {
                    forecaster.Evaluate(time);
                }
            }
        }

        if (tick < MaturityLevels.WarmSamples)
        {
            P = 1;
            return DebounceChange.None;
        }

        RowSpec.Fill(_features, _series.Length, _row);
        Score = _online?.Score(_row) ?? _model.Score(_row);
        _online?.Learn(_row);
        var strangeness = Strangeness.Of(Score, _row);
        P = _calibrator.Evaluate(strangeness).P;
        _calibrator.Admit(time, strangeness);
        return _debouncer.Update(time, P <= DecisionDefaults.PValue);
    }

    static string? StateOf(string name)
    {
        var open = name.IndexOf('{', StringComparison.Ordinal);
        return open < 0 ? null : name[(open + 1)..^1];
    }
}
