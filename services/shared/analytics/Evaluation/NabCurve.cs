namespace Forewarn.Analytics;

/// <summary>A threshold and the normalised NAB score that it gives.</summary>
public readonly record struct NabPoint(double Threshold, double Score);

/// <summary>NAB scores of one detector's output over some files, as a function of the one threshold for all of them.</summary>
public abstract class NabCurve
{
    /// <summary>Number of files.</summary>
    public abstract int Files { get; }

    /// <summary>Windows of a file that lie, at least in part, behind its probation.</summary>
    public abstract int WindowsOf(int file);

    /// <summary>The best threshold for the files, each counted as often as <paramref name="weights"/> says.</summary>
    public abstract NabPoint Best(NabProfile profile, ReadOnlySpan<int> weights);

    /// <summary>The score at a threshold: points scored at or above it are alarms.</summary>
    public abstract double At(double threshold, NabProfile profile, ReadOnlySpan<int> weights);

    /// <summary>The leaderboard's protocol: the best threshold for all files together.</summary>
    public NabPoint Leaderboard(NabProfile profile)
    {
        var all = new int[Files];
        Array.Fill(all, 1);
        return Best(profile, all);
    }

    /// <summary>
    /// The honest protocol: the threshold is chosen on one part of the files and applied to the other, and the other way
    /// round; the mean weighs each part by its windows. NaN when a part has no windows.
    /// </summary>
    /// <param name="profile">Weights.</param>
    /// <param name="isSecond">Which files make up the second part.</param>
    /// <param name="weights">How often each file counts.</param>
    public double Nested(NabProfile profile, ReadOnlySpan<bool> isSecond, ReadOnlySpan<int> weights)
    {
        ArgumentNullException.ThrowIfNull(profile);
        int[] first = new int[Files], second = new int[Files];
        double firstWindows = 0, secondWindows = 0;
        for (var i = 0; i < Files; i++)
        {
            (isSecond[i] ? second : first)[i] = weights[i];
            firstWindows += first[i] * WindowsOf(i);
            secondWindows += second[i] * WindowsOf(i);
        }

        if (firstWindows == 0 || secondWindows == 0)
        {
            return double.NaN;
        }

        var onSecond = At(Best(profile, first).Threshold, profile, second);
        var onFirst = At(Best(profile, second).Threshold, profile, first);
        return ((onFirst * firstWindows) + (onSecond * secondWindows)) / (firstWindows + secondWindows);
    }

    /// <summary>Windows of all files, weighted.</summary>
    protected double WeightedWindows(ReadOnlySpan<int> weights)
    {
        double windows = 0;
        for (var i = 0; i < Files; i++)
        {
            windows += weights[i] * WindowsOf(i);
        }

        return windows;
    }

    /// <summary>Windows of a file that NAB scores.</summary>
    protected static int ScoredWindows(NabSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return series.Windows.Count(window => window.Last >= series.Probation);
    }
}
