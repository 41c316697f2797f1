namespace Forewarn.Analytics;

/// <summary>
/// NAB's scoring of alarms that a detector tells once: after an alarm it is silent for a share of the file's probation,
/// as one that opens one incident for an event is. NAB counts every point of a long event that ends behind its window as
/// one more false alarm; this is what a person would have been told.
/// </summary>
public sealed class NabRefractory : NabCurve
{
    /// <summary>Silence after an alarm, as a share of the probation: 30 to 150 points.</summary>
    public const double Share = 0.2;

    /// <summary>Every one of the highest scores is tried as a threshold; below them as many again, ever farther apart.</summary>
    const int Tried = 1500;

    readonly int[] _windows;
    readonly double[] _thresholds;
    readonly Outcome[][] _outcomes;
    readonly MaxTree[] _trees;
    readonly IReadOnlyList<NabSeries> _series;

    public NabRefractory(IReadOnlyList<NabSeries> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        _series = series;
        _windows = [.. series.Select(ScoredWindows)];
        _trees = [.. series.Select(file => new MaxTree([.. file.Scores]))];
        _thresholds = Candidates(series);
        _outcomes = [.. _thresholds.Select(threshold => Enumerable.Range(0, series.Count).Select(file => Run(file, threshold)).ToArray())];
    }

    public override int Files => _windows.Length;

    public override int WindowsOf(int file) => _windows[file];

    public override NabPoint Best(NabProfile profile, ReadOnlySpan<int> weights)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var windows = WeightedWindows(weights);
        var (bestThreshold, best) = (double.PositiveInfinity, profile.Raw(0, windows, 0));
        for (var i = 0; i < _thresholds.Length; i++)
        {
            var raw = Raw(_outcomes[i], profile, weights, windows);
            if (raw > best)
            {
                (bestThreshold, best) = (_thresholds[i], raw);
            }
        }

        return new NabPoint(bestThreshold, profile.Normalise(best, windows));
    }

    public override double At(double threshold, NabProfile profile, ReadOnlySpan<int> weights)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var windows = WeightedWindows(weights);
        var known = Array.BinarySearch(_thresholds, threshold, Comparer<double>.Create((a, b) => b.CompareTo(a)));
        var outcomes = known >= 0 ? _outcomes[known] : [.. Enumerable.Range(0, Files).Select(file => Run(file, threshold))];
        return profile.Normalise(Raw(outcomes, profile, weights, windows), windows);
    }

    /// <summary>The rows at which a file's alarms are told at a threshold.</summary>
    public IEnumerable<int> Alarms(int file, double threshold)
    {
        var (series, silence) = (_series[file], (int)(Share * _series[file].Probation));
        for (var i = _trees[file].FirstAtLeast(threshold, series.Probation); i >= 0; i = _trees[file].FirstAtLeast(threshold, i + silence + 1))
        {
            yield return i;
        }
    }

    static double[] Candidates(IReadOnlyList<NabSeries> series)
    {
        var all = series.SelectMany(file => file.Scores.Skip(file.Probation)).ToArray();
        Array.Sort(all);
        Array.Reverse(all);

        // What half of all points reach is no threshold: with silence after each alarm it is a clock, and a clock hits windows.
        var half = all[all.Length / 2];
        all = [.. all.TakeWhile(score => score > half).Distinct()];
        if (all.Length <= 2 * Tried)
        {
            return all;
        }

        var growth = Math.Pow((all.Length - 1) / (double)Tried, 1.0 / Tried);
        return [.. all.Take(Tried).Concat(Enumerable.Range(1, Tried).Select(i => all[Math.Min(all.Length - 1, (int)(Tried * Math.Pow(growth, i)))])).Distinct()];
    }

    static double Raw(ReadOnlySpan<Outcome> outcomes, NabProfile profile, ReadOnlySpan<int> weights, double windows)
    {
        double hits = 0, found = 0, falseAlarms = 0;
        for (var i = 0; i < outcomes.Length; i++)
        {
            hits += weights[i] * outcomes[i].Hits;
            found += weights[i] * outcomes[i].Found;
            falseAlarms += weights[i] * outcomes[i].FalseAlarms;
        }

        return profile.Raw(hits, windows - found, falseAlarms);
    }

    Outcome Run(int file, double threshold)
    {
        var series = _series[file];
        var outcome = default(Outcome);
        var lastFound = -1;
        foreach (var i in Alarms(file, threshold))
        {
            if (series.WindowOf[i] is var window && window < 0)
            {
                outcome.FalseAlarms += series.Counts[i];
            }
            else if (window != lastFound)
            {
                // Alarms come in order, so the first in a window is its earliest.
                lastFound = window;
                outcome.Found++;
                outcome.Hits += series.Counts[i];
            }
        }

        return outcome;
    }

    struct Outcome
    {
        public double Hits;
        public double FalseAlarms;
        public int Found;
    }
}
