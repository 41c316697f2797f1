namespace Forewarn.Analytics;

/// <summary>The scores a detector gave to one file of the Numenta Anomaly Benchmark, and what each point counts there.</summary>
public sealed class NabSeries
{
    const double ProbationShare = 0.15;
    const double LongestProbation = 750;
    const double FarBehind = 3;

    /// <param name="scores">One per row; higher is stranger.</param>
    /// <param name="windows">First and last row of each window, ascending, without overlap.</param>
    /// <exception cref="ArgumentException">A window lies outside the rows or out of order.</exception>
    public NabSeries(double[] scores, IReadOnlyList<(int First, int Last)> windows)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(windows);
        Scores = scores;
        Windows = windows;
        Probation = ProbationOf(scores.Length);
        Counts = new double[scores.Length];
        WindowOf = new int[scores.Length];
        Weigh(windows);
    }

    public IReadOnlyList<double> Scores { get; }

    public IReadOnlyList<(int First, int Last)> Windows { get; }

    /// <summary>Rows at the beginning at which nothing counts.</summary>
    public int Probation { get; }

    /// <summary>Inside a window how early the point is, 1 = its start; outside how false an alarm is, -1 = wholly. Profile-free.</summary>
    internal double[] Counts { get; }

    /// <summary>Index of the window a row lies in, -1 outside.</summary>
    internal int[] WindowOf { get; }

    /// <summary>15 % of the rows, at most 750 (NAB 1.1, sweeper.py).</summary>
    public static int ProbationOf(int rows) => (int)Math.Ceiling(Math.Min(Math.Floor(ProbationShare * rows), LongestProbation));

    /// <summary>NAB's scaled sigmoid of the position relative to a window: -1 at its left edge, 0 at its right, growing behind it.</summary>
    public static double ScaledSigmoid(double position) => position > FarBehind ? -1 : (2 / (1 + Math.Exp(5 * position))) - 1;

    void Weigh(IReadOnlyList<(int First, int Last)> windows)
    {
        var earliest = ScaledSigmoid(-1);
        var next = 0;
        (int Right, double Width)? previous = null;
        for (var i = 0; i < Counts.Length; i++)
        {
            if (next < windows.Count && windows[next] is var (first, last) && i >= first)
            {
                if (last < first || last >= Counts.Length || (next > 0 && first <= windows[next - 1].Last))
                {
                    throw new ArgumentException($"Window {next} spans rows {first} to {last}: windows ascend, do not overlap and end within the {Counts.Length} rows.", nameof(windows));
                }

                var width = last - first + 1.0;
                WindowOf[i] = next;
                Counts[i] = ScaledSigmoid(-(last - i + 1) / width) / earliest;
                if (i == last)
                {
                    previous = (last, width);
                    next++;
                }

                continue;
            }

            WindowOf[i] = -1;
            Counts[i] = previous is var (right, wide) ? ScaledSigmoid((i - right) / Math.Max(1, wide - 1)) : -1;
        }

        if (next < windows.Count)
        {
            throw new ArgumentException($"Window {next} ends at row {windows[next].Last}, behind the {Counts.Length} rows.", nameof(windows));
        }
    }
}
