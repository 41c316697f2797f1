namespace Forewarn.Analytics;

/// <summary>
/// NAB's own scoring: every point at or above the threshold is an alarm; a window counts as its earliest one, every alarm
/// outside counts against. All different scores are tried as threshold, and so is firing never (NAB 1.1, sweeper.py).
/// </summary>
public sealed class NabSweep : NabCurve
{
    readonly int[] _windows;
    readonly double[] _scores;
    readonly int[] _files;
    readonly int[] _window;
    readonly double[] _counts;
    readonly double[] _found;

    public NabSweep(IReadOnlyList<NabSeries> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        _windows = [.. series.Select(ScoredWindows)];
        var points = series.Sum(file => Math.Max(0, file.Scores.Count - file.Probation));
        (_scores, _files, _window, _counts) = (new double[points], new int[points], new int[points], new double[points]);
        var order = new int[points];
        var keys = new double[points];
        var (at, firstWindow) = (0, 0);
        for (var file = 0; file < series.Count; file++)
        {
            for (var i = series[file].Probation; i < series[file].Scores.Count; i++, at++)
            {
                (_scores[at], _files[at], _counts[at]) = (series[file].Scores[i], file, series[file].Counts[i]);
                _window[at] = series[file].WindowOf[i] is var window && window < 0 ? -1 : firstWindow + window;
                (order[at], keys[at]) = (at, -_scores[at]);
            }

            firstWindow += series[file].Windows.Count;
        }

        Array.Sort(keys, order);
        _scores = [.. order.Select(i => _scores[i])];
        _files = [.. order.Select(i => _files[i])];
        _counts = [.. order.Select(i => _counts[i])];
        _window = [.. order.Select(i => _window[i])];
        _found = new double[firstWindow];
    }

    public override int Files => _windows.Length;

    public override int WindowsOf(int file) => _windows[file];

    public override NabPoint Best(NabProfile profile, ReadOnlySpan<int> weights) => Sweep(double.NegativeInfinity, profile, weights).Best;

    public override double At(double threshold, NabProfile profile, ReadOnlySpan<int> weights) => Sweep(threshold, profile, weights).Last;

    (NabPoint Best, double Last) Sweep(double until, NabProfile profile, ReadOnlySpan<int> weights)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var windows = WeightedWindows(weights);
        Array.Clear(_found);
        double hits = 0, misses = windows, falseAlarms = 0;
        var (bestThreshold, best) = (double.PositiveInfinity, profile.Raw(0, windows, 0));
        for (var i = 0; i < _scores.Length && _scores[i] >= until; i++)
        {
            var weight = weights[_files[i]];
            if (_window[i] < 0)
            {
                falseAlarms += weight * _counts[i];
            }
            else if (_counts[i] > _found[_window[i]])
            {
                misses -= _found[_window[i]] == 0 ? weight : 0;
                hits += weight * (_counts[i] - _found[_window[i]]);
                _found[_window[i]] = _counts[i];
            }

            if (i + 1 < _scores.Length && _scores[i + 1] == _scores[i])
            {
                continue;
            }

            var raw = profile.Raw(hits, misses, falseAlarms);
            if (raw > best)
            {
                (bestThreshold, best) = (_scores[i], raw);
            }
        }

        return (new NabPoint(bestThreshold, profile.Normalise(best, windows)), profile.Normalise(profile.Raw(hits, misses, falseAlarms), windows));
    }
}
