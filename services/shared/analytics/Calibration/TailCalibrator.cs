namespace Forewarn.Analytics;

/// <summary>
/// Turns scores into p-values by the entity's own recent past: counted where there is enough of it, an exponential tail
/// beyond (SPOT with shape 0: Siffer et al., KDD 2017), and the model's prior while the past is short: it counts as 300
/// scores and fades with the first 1,500 of one's own.
/// </summary>
/// <remarks>
/// Time forgets exponentially with a mean life of half the horizon. Scores beyond p = 1e-3 are winsorised at p = 1e-4
/// and admitted at no more than five times their expected rate, and at once at no more than one in 1,200 of the past, so
/// an anomaly of minutes leaves little trace; since they are never all dropped, the tail cannot be cut off step by step. When most of half an hour lies beyond, it is the
/// new normal and everything is admitted. Scores of another model are not comparable: start a new calibrator with it.
/// State is about 1 KB, without allocation after construction. Not thread-safe.
/// </remarks>
public sealed class TailCalibrator
{
    const byte CheckpointVersion = 1;
    const double PriorWeight = 300;
    const double PriorFade = 1500;
    const double MinimumOwnWeight = 60;
    const double BeyondP = 1e-3;
    const double WinsorP = 1e-4;
    const double BeyondRate = 5 * BeyondP;
    const double LeastBurst = 3;
    const double PastPerToken = 1200;
    const double RegimeSeconds = 1800;
    const double RegimeShare = 0.6;
    const double SmallestP = 1e-12;

    readonly CalibrationPrior _prior;
    readonly double _meanLifeMs;
    readonly bool _guarded;
    TailSketch _sketch = new();
    long _referenceMs = long.MinValue;
    long _lastMs = long.MinValue;
    double _tokens = 1;
    double _beyondShare;
    double _unit = 1;

    /// <param name="prior">What the model's scores are on normal behaviour.</param>
    /// <param name="horizon">How long a score is remembered: twice its mean life.</param>
    /// <param name="guarded">False: everything is admitted as it is, so what lasts becomes usual within the horizon.</param>
    public TailCalibrator(CalibrationPrior prior, TimeSpan horizon, bool guarded = true)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(horizon, TimeSpan.Zero);
        _prior = prior;
        _meanLifeMs = horizon.TotalMilliseconds / 2;
        _guarded = guarded;
    }

    /// <summary>Scores the own past is worth now.</summary>
    public double EffectiveCount => _sketch.Weight / _unit;

    /// <summary>p-value of a score; changes nothing.</summary>
    public TailProbability Evaluate(double score)
    {
        if (double.IsNaN(score))
        {
            return new TailProbability(1, Extrapolated: false);
        }

        var prior = _prior.Survival(score);
        var count = EffectiveCount;
        if (count < MinimumOwnWeight)
        {
            return prior with { P = Math.Clamp(prior.P, SmallestP, 1) };
        }

        var own = OwnSurvival(score, count);
        var weight = PriorWeight * Math.Exp(-count / PriorFade);
        var p = ((weight * prior.P) + (count * own)) / (weight + count);
        return new TailProbability(Math.Clamp(p, SmallestP, 1), p < 1 / (weight + count));
    }

    /// <summary>Takes a score into the past. Times must not run backwards; a late score counts as of the newest time.</summary>
    public void Admit(long timestampMs, double score)
    {
        if (!double.IsFinite(score))
        {
            return;
        }

        var elapsedMs = Advance(timestampMs);
        if (!_guarded)
        {
            _sketch.Add(score, _unit);
            return;
        }

        var beyond = Evaluate(score).P < BeyondP;
        var alpha = 1 - Math.Exp(-Math.Min(elapsedMs, 60_000) / (1000 * RegimeSeconds));
        _beyondShare += alpha * ((beyond ? 1 : 0) - _beyondShare);

        // A short past would be spoilt by a few anomalous scores, a long one needs clusters of ordinary extremes: as many at once as
        // leave their usual share of it what it is.
        var burst = Math.Max(Math.Min(LeastBurst, 1 + (EffectiveCount / PastPerToken)), EffectiveCount / PastPerToken);
        _tokens = Math.Min(burst, _tokens + BeyondRate);
        if (beyond && _beyondShare < RegimeShare)
        {
            if (_tokens < 1)
            {
                return;
            }

            _tokens--;
            score = ScoreAt(WinsorP, score);
        }

        _sketch.Add(score, _unit);
    }

    /// <summary>Takes over the past of another calibrator of the same model, for example when entities merge.</summary>
    public void Merge(TailCalibrator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._lastMs == long.MinValue)
        {
            return;
        }

        if (_lastMs == long.MinValue)
        {
            _referenceMs = _lastMs = other._lastMs;
        }

        var ahead = Math.Exp((other._referenceMs - _referenceMs) / _meanLifeMs);
        _sketch.Merge(other._sketch, ahead);
        _lastMs = Math.Max(_lastMs, other._lastMs);
        _unit = Math.Exp((_lastMs - _referenceMs) / _meanLifeMs);
    }

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(_referenceMs);
        w.Write(_lastMs);
        w.Write(_tokens);
        w.Write(_beyondShare);
        w.Write(_unit);
        _sketch.Write(w);
    }

    /// <param name="r">Where <see cref="Write"/> wrote.</param>
    /// <param name="prior">Prior of the model whose scores these are; it is not part of the checkpoint.</param>
    /// <param name="horizon">As for the constructor.</param>
    /// <param name="guarded">As for the constructor.</param>
    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static TailCalibrator Read(BinaryReader r, CalibrationPrior prior, TimeSpan horizon, bool guarded = true)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "a calibrator");
        return new TailCalibrator(prior, horizon, guarded)
        {
            _referenceMs = r.ReadInt64(),
            _lastMs = r.ReadInt64(),
            _tokens = r.ReadDouble(),
            _beyondShare = r.ReadDouble(),
            _unit = r.ReadDouble(),
            _sketch = TailSketch.Read(r),
        };
    }

    double OwnSurvival(double score, double count)
    {
        var above = _sketch.WeightAbove(score) / _unit;
        var tail = Math.Clamp(0.02 * count, 20, 200);
        if (above >= tail)
        {
            return (above + 1) / (count + 1);
        }

        var (threshold, excess) = _sketch.Tail(tail * _unit);
        var (middle, _) = _sketch.Tail(count / 2 * _unit);
        var scale = Math.Max(excess, Math.Max(0.05 * (threshold - middle), 1e-9));
        return tail / count * Math.Exp(-Math.Max(0, score - threshold) / scale);
    }

    long Advance(long now)
    {
        if (_lastMs == long.MinValue)
        {
            _referenceMs = _lastMs = now;
        }

        var elapsed = Math.Max(0, now - _lastMs);
        _lastMs = Math.Max(_lastMs, now);
        _unit = Math.Exp((_lastMs - _referenceMs) / _meanLifeMs);
        if (_unit > 1e4)
        {
            _sketch.Rescale(1 / _unit);
            _referenceMs = _lastMs;
            _unit = 1;
        }

        return elapsed;
    }

    // The score whose p-value is p, by bisection below a score of the tail; that score itself when it is less extreme.
    double ScoreAt(double p, double beyond)
    {
        if (Evaluate(beyond).P >= p)
        {
            return beyond;
        }

        double low = Math.Min(_prior.Quantiles[0], beyond), high = beyond;
        for (var i = 0; i < 30; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Evaluate(middle).P < p ? (low, middle) : (middle, high);
        }

        return high;
    }
}
