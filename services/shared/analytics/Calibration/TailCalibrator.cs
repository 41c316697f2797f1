namespace Forewarn.Analytics;

/// <summary>
/// Turns scores into p-values by the entity's own recent past: counted down to its largest 30 scores, and beyond by a
/// generalised Pareto tail with the mean excess of these (Pickands 1975; SPOT: Siffer et al., KDD 2017). The model's prior
/// helps while the past is short: it counts as 300 scores and fades with the first 1,500 of one's own.
/// </summary>
/// <remarks>
/// The shape of the tail is what the kind of score has, not the entity: 30 points cannot tell it (by probability-weighted moments,
/// Hosking and Wallis 1987, p came out no truer), and one fault among them would make everything else ordinary.
/// Extremes come in clusters, and the next cluster may outdo all that were seen: a rank counts one cluster more than there were, as
/// among exchangeable points it counts one point more (Vovk, Gammerman, Shafer 2005).
/// Time forgets exponentially with a mean life of half the horizon. Scores beyond p = 1e-3 are winsorised at p = 1e-5
/// and admitted at no more than five times their expected rate, and at once at no more than three or one in 1,200 of the past, so
/// an anomaly of minutes leaves little trace. Ordinary days hardly reach either limit, so their p-values stay true: cut at a p
/// that they do reach, the past looks milder than it was, and ever more is cut. When most of half an hour lies beyond, it is the
/// new normal and everything is admitted. Scores of another model are not comparable: start a new calibrator with it.
/// State is about 1 KB, without allocation after construction. Not thread-safe.
/// </remarks>
public sealed class TailCalibrator
{
    const byte CheckpointVersion = 2;
    const double PriorWeight = 300;
    const double PriorFade = 1500;
    const double MinimumOwnWeight = 60;
    const double BeyondP = 1e-3;
    const double WinsorP = 1e-5;
    const double BeyondRate = 5 * BeyondP;
    const double LeastBurst = 3;
    const double PastPerToken = 1200;
    const double RegimeSeconds = 1800;
    const double RegimeShare = 0.6;
    const double SmallestP = 1e-12;

    /// <summary>Largest scores, whose ranks say less than their mean excess.</summary>
    const double TailPoints = 30;

    /// <summary>Of what lies between the middle and the tail, the scale of the tail is this share at least.</summary>
    const double LeastScale = 0.05;

    readonly CalibrationPrior _prior;
    readonly double _meanLifeMs;
    readonly bool _guarded;
    readonly double _shape;
    TailSketch _sketch = new();
    ClusterSize _clusters = new();
    long _referenceMs = long.MinValue;
    long _lastMs = long.MinValue;
    double _tokens = 1;
    double _beyondShare;
    double _unit = 1;

    /// <param name="prior">What the model's scores are on normal behaviour.</param>
    /// <param name="horizon">How long a score is remembered: twice its mean life.</param>
    /// <param name="guarded">False: everything is admitted as it is, so what lasts becomes usual within the horizon.</param>
    /// <param name="shape">Shape of the tail of such scores: 0, exponential, to below 1, which has no mean.</param>
    public TailCalibrator(CalibrationPrior prior, TimeSpan horizon, bool guarded = true, double shape = 0)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(horizon, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(shape);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shape, 1);
        _prior = prior;
        _meanLifeMs = horizon.TotalMilliseconds / 2;
        _guarded = guarded;
        _shape = shape;
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
        var beyond = Evaluate(score).P < BeyondP;
        if (_guarded && IsGuarded(beyond, elapsedMs))
        {
            if (_tokens < 1)
            {
                return;
            }

            _tokens--;
            score = ScoreAt(WinsorP, score);
        }

        _clusters.Take(beyond, _unit);
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
        _clusters.Merge(other._clusters, ahead);
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
        _clusters.Write(w);
    }

    /// <param name="r">Where <see cref="Write"/> wrote.</param>
    /// <param name="prior">Prior of the model whose scores these are; it is not part of the checkpoint.</param>
    /// <param name="horizon">As for the constructor.</param>
    /// <param name="guarded">As for the constructor.</param>
    /// <param name="shape">As for the constructor.</param>
    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static TailCalibrator Read(BinaryReader r, CalibrationPrior prior, TimeSpan horizon, bool guarded = true, double shape = 0)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "a calibrator");
        return new TailCalibrator(prior, horizon, guarded, shape)
        {
            _referenceMs = r.ReadInt64(),
            _lastMs = r.ReadInt64(),
            _tokens = r.ReadDouble(),
            _beyondShare = r.ReadDouble(),
            _unit = r.ReadDouble(),
            _sketch = TailSketch.Read(r),
            _clusters = ClusterSize.Read(r),
        };
    }

    // True for what may be an anomaly. Every score earns a share of a token, which lets one of those pass.
    bool IsGuarded(bool beyond, long elapsedMs)
    {
        var alpha = 1 - Math.Exp(-Math.Min(elapsedMs, 60_000) / (1000 * RegimeSeconds));
        _beyondShare += alpha * ((beyond ? 1 : 0) - _beyondShare);

        // A short past would be spoilt by a few anomalous scores, a long one needs clusters of ordinary extremes: as many at once as
        // leave their usual share of it what it is.
        var count = EffectiveCount;
        var burst = Math.Max(Math.Min(LeastBurst, 1 + (count / PastPerToken)), count / PastPerToken);
        _tokens = Math.Min(burst, _tokens + BeyondRate);
        return beyond && _beyondShare < RegimeShare;
    }

    double OwnSurvival(double score, double count)
    {
        var above = _sketch.WeightAbove(score) / _unit;
        var cluster = _clusters.Mean(_unit);
        if (above >= TailPoints)
        {
            return (above + cluster) / (count + cluster);
        }

        var weight = TailPoints * _unit;
        var threshold = _sketch.ValueAt(weight);
        var least = Math.Max(LeastScale * (threshold - _sketch.ValueAt(count / 2 * _unit)), 1e-9);
        var scale = Math.Max((1 - _shape) * _sketch.MeanExcess(threshold, weight), least);
        var excess = Math.Max(0, score - threshold) / scale;
        var survival = _shape > 0 ? Math.Pow(1 + (_shape * excess), -1 / _shape) : Math.Exp(-excess);
        return (TailPoints + cluster) / (count + cluster) * survival;
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
            _clusters.Rescale(1 / _unit);
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
