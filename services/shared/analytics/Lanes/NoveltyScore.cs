namespace Forewarn.Analytics;

/// <summary>
/// How new the latest points of a series are: the value itself against every value ever seen, its means over 5, 20 and 60
/// points against every such mean, and its windows of 5 and 20 points against those of the last thousand.
/// </summary>
/// <remarks>
/// The value's distance counts as a share of the greatest distance so far, which fades by half in 7,000 points; the others
/// as rarities (<see cref="TailRarity"/>). 1 is about one point in a thousand of ordinary data, the most is
/// 4.3. What was tried of weights and parts is in the README. About 65 KB and some microseconds a point.
/// </remarks>
sealed class NoveltyScore
{
    const byte CheckpointVersion = 1;
    const double Fade = 0.9999;
    const double UsualValue = 0.5;
    const double UsualRarity = 4;
    const double ShareOfOthers = 0.3;
    const double UsualBlend = 1.5;

    static readonly int[] Means = [5, 20, 60];
    static readonly int[] Windows = [5, 20];

    readonly int _lags;
    LagHistory _history;
    ValueMemory _values = new();
    readonly ValueMemory[] _means = [.. Means.Select(_ => new ValueMemory())];
    readonly LagWindows[] _windows;
    readonly TailRarity[] _rarities = [.. Means.Concat(Windows).Select(_ => new TailRarity())];
    double _greatest;

    /// <param name="lags">Points that windows are compared with: 1,000 to 4,000 are sensible.</param>
    public NoveltyScore(int lags)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lags, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lags, 100_000);
        _lags = lags;
        _history = new LagHistory(lags, Means[^1]);
        _windows = [.. Windows.Select(window => new LagWindows(_history, window))];
    }

    /// <summary>Takes a value within ±<see cref="MetricLane.Greatest"/>; points come in order.</summary>
    public double Take(double value)
    {
        _history.Push(value);
        var distance = _values.Take(value);
        _greatest = Math.Max(_greatest * Fade, distance);
        var score = _greatest > 0 ? distance / _greatest / UsualValue : 0;
        double rarities = 0;
        for (var i = 0; i < Means.Length; i++)
        {
            rarities += _rarities[i].Take(_means[i].Take(MeanOf(Means[i])));
        }

        for (var i = 0; i < Windows.Length; i++)
        {
            rarities += _rarities[Means.Length + i].Take(_windows[i].Take());
        }

        return (score + (ShareOfOthers * rarities / UsualRarity)) / UsualBlend;
    }

    public void Write(BinaryWriter w)
    {
        w.Write(CheckpointVersion);
        w.Write(_lags);
        w.Write(_greatest);
        _history.Write(w);
        _values.Write(w);
        Array.ForEach(_means, mean => mean.Write(w));
        Array.ForEach(_windows, window => window.Write(w));
        Array.ForEach(_rarities, rarity => rarity.Write(w));
    }

    public static NoveltyScore Read(BinaryReader r)
    {
        r.ExpectVersion(CheckpointVersion, "a novelty score");
        var score = new NoveltyScore(Math.Max(100, r.ReadBoundedCount(100_000))) { _greatest = r.ReadDouble() };
        score._history = LagHistory.Read(r, score._lags, Means[^1]);
        score._values = ValueMemory.Read(r);
        for (var i = 0; i < Means.Length; i++)
        {
            score._means[i] = ValueMemory.Read(r);
        }

        for (var i = 0; i < Windows.Length; i++)
        {
            score._windows[i] = LagWindows.Read(r, score._history, Windows[i]);
        }

        for (var i = 0; i < score._rarities.Length; i++)
        {
            score._rarities[i] = TailRarity.Read(r);
        }

        return score;
    }

    // As differences from the newest: no cancellation at large offsets, and equal values have exactly their own mean.
    double MeanOf(int points)
    {
        var values = _history.Values[..(int)Math.Min(points, _history.Count)];
        double sum = 0;
        foreach (var value in values)
        {
            sum += value - values[0];
        }

        return values[0] + (sum / values.Length);
    }
}
