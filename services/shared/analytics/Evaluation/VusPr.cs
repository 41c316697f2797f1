namespace Forewarn.Analytics;

/// <summary>
/// Volume under the surface of precision and recall (Paparrizos et al.: Volume Under the Surface, VLDB 2022): the area
/// under the range-based curve, averaged over all buffers 0, 1 ... around the labelled ranges, so that an alarm a few
/// points beside a label counts for something. 250 thresholds at even ranks, as its authors have it.
/// </summary>
/// <remarks>
/// All thresholds of a buffer are summed in one pass: a point adds its label to the first threshold that reaches it, a
/// range shows up at the threshold that its highest score reaches. O(n) for each buffer instead of O(n x thresholds).
/// </remarks>
public static class VusPr
{
    /// <summary>The widest buffer, in points, of the published figures here.</summary>
    public const int Buffer = 100;

    const int Thresholds = 250;

    /// <summary>NaN when no point is labelled.</summary>
    /// <param name="scores">Higher is stranger.</param>
    /// <param name="labels">One for each score.</param>
    /// <param name="buffer">The widest buffer; half of it lies on either side.</param>
    /// <param name="step">Distance between buffers.</param>
    public static double Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, int buffer = Buffer, int step = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(labels.Length, scores.Length, nameof(labels));
        ArgumentOutOfRangeException.ThrowIfNegative(buffer);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        var ranges = LabelledRanges.Of(labels);
        if (ranges.Count == 0)
        {
            return double.NaN;
        }

        var (reached, predicted) = Rank(scores);
        double labelled = ranges.Sum(range => range.Last - range.First + 1), sum = 0;
        var weights = new double[scores.Length];
        var buffers = 0;
        for (var width = 0; width <= buffer; width += step, buffers++)
        {
            Extend(weights, ranges, width);
            sum += Area(weights, reached, predicted, labelled);
        }

        return sum / buffers;
    }

    // For every point the first threshold that reaches it, and for every threshold the points it reaches.
    static (int[] Reached, double[] Predicted) Rank(ReadOnlySpan<double> scores)
    {
        var sorted = scores.ToArray();
        Array.Sort(sorted);
        Array.Reverse(sorted);
        var thresholds = new double[Thresholds];
        for (var k = 0; k < Thresholds; k++)
        {
            thresholds[k] = sorted[(int)(k * (sorted.Length - 1.0) / (Thresholds - 1))];
        }

        var reached = new int[scores.Length];
        var predicted = new double[Thresholds];
        for (var i = 0; i < scores.Length; i++)
        {
            int low = 0, high = Thresholds - 1;
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = scores[i] >= thresholds[middle] ? (low, middle) : (middle + 1, high);
            }

            predicted[reached[i] = low]++;
        }

        Accumulate(predicted);
        return (reached, predicted);
    }

    static void Extend(double[] weights, IReadOnlyList<(int First, int Last)> ranges, int width)
    {
        Array.Clear(weights);
        foreach (var (first, last) in ranges)
        {
            for (var distance = 1; distance <= width / 2; distance++)
            {
                var weight = Math.Sqrt(1 - ((double)distance / width));
                if (last + distance < weights.Length)
                {
                    weights[last + distance] += weight;
                }

                if (first - distance >= 0)
                {
                    weights[first - distance] += weight;
                }
            }
        }

        foreach (var (first, last) in ranges)
        {
            weights.AsSpan(first, last - first + 1).Fill(1);
        }

        foreach (ref var weight in weights.AsSpan())
        {
            weight = Math.Min(1, weight);
        }
    }

    static double Area(double[] weights, int[] reached, double[] predicted, double labelled)
    {
        Span<double> hits = stackalloc double[Thresholds];
        Span<double> shown = stackalloc double[Thresholds];
        hits.Clear();
        shown.Clear();
        double total = 0;
        var ranges = 0;
        for (var i = 0; i < weights.Length;)
        {
            if (weights[i] == 0)
            {
                i++;
                continue;
            }

            var first = Thresholds - 1;
            for (; i < weights.Length && weights[i] != 0; i++)
            {
                hits[reached[i]] += weights[i];
                total += weights[i];
                first = Math.Min(first, reached[i]);
            }

            shown[first]++;
            ranges++;
        }

        Accumulate(hits);
        Accumulate(shown);
        double area = 0, before = 0;
        for (var k = 0; k < Thresholds; k++)
        {
            var recall = Math.Min(hits[k] / ((labelled + total) / 2), 1) * shown[k] / ranges;
            area += (recall - before) * hits[k] / predicted[k];
            before = recall;
        }

        return area;
    }

    static void Accumulate(Span<double> counts)
    {
        for (var k = 1; k < counts.Length; k++)
        {
            counts[k] += counts[k - 1];
        }
    }
}
