namespace Forewarn.Analytics;

/// <summary>
/// Brings an entity's features onto one scale: distance from the training part's mean over its deviation, cut at
/// <see cref="Limit"/>. What is derived of a metric is measured by no less than a share of the metric's own deviation: a
/// metric that always moved smoothly must not make a scandal of its first small jerk. Entities of one model differ here only.
/// </summary>
public sealed class JointScaling
{
    /// <summary>No scaled feature passes this.</summary>
    public const float Limit = 10;

    const byte CheckpointVersion = 1;
    const double Constant = 1e-9;
    const int LeastPresent = 100;
    const float LeastScale = 1e-30f;
    const float GreatestScale = 1e30f;

    readonly float[] _mean;
    readonly float[] _scale;
    readonly float[] _inverse;
    readonly float[] _median;

    JointScaling(float[] mean, float[] scale, float[] median)
    {
        (_mean, _scale, _median) = (mean, scale, median);
        _inverse = [.. scale.Select(value => value > 0 ? 1 / value : 0)];
    }

    public int Metrics => _mean.Length / JointRow.Count;

    /// <summary>The scaling that suits an entity's past.</summary>
    /// <param name="features">Row-major, as <see cref="JointRow.Gather"/> makes them; NaN where a metric is missing.</param>
    /// <param name="metrics">Metrics in a row.</param>
    /// <param name="leastScale">As <see cref="JointOptions.LeastScale"/>.</param>
    public static JointScaling Of(ReadOnlySpan<float> features, int metrics, double leastScale)
    {
        var width = metrics * JointRow.Count;
        var (mean, scale, median) = (new float[width], new float[width], new float[width]);
        var column = new float[features.Length / width];
        for (var metric = 0; metric < metrics; metric++)
        {
            double ownScale = 0;
            for (var i = metric * JointRow.Count; i < (metric + 1) * JointRow.Count; i++)
            {
                var present = Present(features, width, i, column);
                // A metric never seen, or hardly, stays masked.
                if (present.Length < LeastPresent)
                    break;
                var (centre, deviation) = Moments(present);
                if (i % JointRow.Count == 0)
                    ownScale = deviation <= Constant * Math.Max(1, Math.Abs(centre)) ? 0 : deviation;
                var larger = ownScale == 0 ? 1 : Math.Max(deviation, leastScale * ownScale);
                (mean[i], scale[i]) = ((float)centre, (float)Math.Clamp(larger, LeastScale, GreatestScale));
                present.Sort();
                median[i] = Math.Clamp((present[present.Length / 2] - mean[i]) / scale[i], -Limit, Limit);
            }
        }
        return new JointScaling(mean, scale, median);
    }

    /// <summary>Of each number the median of several scalings, among those that know the metric; one that none knows stays unknown.</summary>
    /// <param name="scalings">At least one, all of as many metrics.</param>
    public static JointScaling Typical(IReadOnlyList<JointScaling> scalings)
    {
        ArgumentNullException.ThrowIfNull(scalings);
        if (scalings.Count == 0 || scalings.Any(scaling => scaling.Metrics != scalings[0].Metrics))
            throw new ArgumentException("The scalings to take the median of must be of as many metrics each, and at least one.", nameof(scalings));
        var width = scalings[0]._mean.Length;
        var (mean, scale, median) = (new float[width], new float[width], new float[width]);
        for (var i = 0; i < width; i++)
        {
            JointScaling[] known = [.. scalings.Where(scaling => scaling._scale[i] > 0)];
            if (known.Length > 0)
                (mean[i], scale[i], median[i]) = (Middle(known, own => own._mean[i]), Middle(known, own => own._scale[i]), Middle(known, own => own._median[i]));
        }
        return new JointScaling(mean, scale, median);
    }

    /// <summary>Scales a row. A missing metric enters at its median.</summary>
    /// <param name="features">As <see cref="JointRow.Gather"/> makes them.</param>
    /// <param name="scaled">As long as the features.</param>
    /// <param name="present">For each metric, whether it is there and was known in training.</param>
    public void Apply(ReadOnlySpan<float> features, Span<float> scaled, Span<bool> present)
    {
        for (var metric = 0; metric < Metrics; metric++)
        {
            var first = metric * JointRow.Count;
            present[metric] = _inverse[first] > 0 && !float.IsNaN(features[first]);
            if (!present[metric])
            {
                _median.AsSpan(first, JointRow.Count).CopyTo(scaled[first..]);
                continue;
            }
            for (var i = first; i < first + JointRow.Count; i++)
                scaled[i] = Math.Clamp((features[i] - _mean[i]) * _inverse[i], -Limit, Limit);
        }
    }

    /// <summary>A scaled value of a metric in the metric's own unit; NaN of one that training did not know.</summary>
    public double ValueOf(int metric, float scaled)
    {
        var at = metric * JointRow.Count;
        return _scale[at] > 0 ? _mean[at] + ((double)scaled * _scale[at]) : double.NaN;
    }

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(Metrics);
        foreach (var values in (ReadOnlySpan<float[]>)[_mean, _scale, _median])
            w.WriteFloats(values);
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static JointScaling Read(BinaryReader r)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "a joint scaling");
        var width = r.ReadBoundedCount(JointRow.MaxMetrics) * JointRow.Count;
        var scaling = new JointScaling(r.ReadFloats(width), r.ReadFloats(width), r.ReadFloats(width));
        if (!Array.TrueForAll(scaling._scale, scale => scale is 0 or (>= LeastScale and <= GreatestScale)) || !Array.TrueForAll(scaling._median, median => Math.Abs(median) <= Limit))
            throw new InvalidDataException("The checkpoint of a joint scaling holds a scale or a median that none has; discard it and train anew.");
        return scaling;
    }

    static float Middle(JointScaling[] of, Func<JointScaling, float> number)
    {
        float[] sorted = [.. of.Select(number).Order()];
        return (sorted[(sorted.Length - 1) / 2] / 2) + (sorted[sorted.Length / 2] / 2);
    }

    static Span<float> Present(ReadOnlySpan<float> features, int width, int index, float[] column)
    {
        var count = 0;
        for (var at = index; at < features.Length; at += width)
        {
            if (!float.IsNaN(features[at]))
                column[count++] = features[at];
        }
        return column.AsSpan(0, count);
    }

    static (double Mean, double Deviation) Moments(ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        foreach (var value in values)
            sum += value;
        var mean = sum / values.Length;
        foreach (var value in values)
            squares += (value - mean) * (value - mean);
        return (mean, Math.Sqrt(squares / values.Length));
    }
}
