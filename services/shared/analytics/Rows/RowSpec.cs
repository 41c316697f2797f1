namespace Forewarn.Analytics;

/// <summary>
/// Pools the features of any number of series into one fixed-length, scale-free row: how far the most deviant series
/// stray, how many do, and how unsettled they are. The first forest reads nothing else, so it fits every host.
/// </summary>
public static class RowSpec
{
    /// <summary>Changes whenever an entry is added, removed, reordered or redefined.</summary>
    public const string Version = "r1";

    public const int Count = 22;

    const int Top = 5;
    const int Family = 6;
    const float Beyond = 3;

    public static IReadOnlyList<string> Names { get; } =
    [
        "z_max", "z_2nd", "z_3rd", "z_top5", "z_share", "z_rms",
        "level_max", "level_2nd", "level_3rd", "level_top5", "level_share", "level_rms",
        "step_max", "step_2nd", "step_3rd", "step_top5", "step_share", "step_rms",
        "spread_max", "spread_3rd", "spread_top5", "spread_mean",
    ];

    /// <summary>
    /// Fills <paramref name="row"/> from series-major features. Series whose value is NaN are left out; with none left
    /// the row is all zero. Ranks beyond the number of series repeat the last one there is.
    /// </summary>
    /// <param name="features"><paramref name="series"/> x <see cref="FeatureSpec.Count"/>.</param>
    /// <param name="series">Number of series, masked ones included.</param>
    /// <param name="row">At least <see cref="Count"/> long.</param>
    public static void Fill(ReadOnlySpan<float> features, int series, Span<float> row)
    {
        if (features.Length < series * FeatureSpec.Count || row.Length < Count)
        {
            throw new ArgumentException($"{series} series need {series * FeatureSpec.Count} features and {Count} places, got {features.Length} and {row.Length}.", nameof(features));
        }

        row = row[..Count];
        row.Clear();
        Pool(features, series, FeatureSpec.Z, row);
        Pool(features, series, FeatureSpec.ZLevel, row[Family..]);
        Pool(features, series, FeatureSpec.ZDelta, row[(2 * Family)..]);
        PoolSpread(features, series, row[(3 * Family)..]);
    }

    static void Pool(ReadOnlySpan<float> features, int series, int feature, Span<float> row)
    {
        Span<float> top = stackalloc float[Top];
        top.Clear();
        int seen = 0, beyond = 0;
        double squares = 0;
        for (var i = feature; i < series * FeatureSpec.Count; i += FeatureSpec.Count)
        {
            var z = Math.Abs(features[i]);
            if (float.IsNaN(z))
            {
                continue;
            }

            seen++;
            beyond += z > Beyond ? 1 : 0;
            squares += (double)z * z;
            Rank(top, z);
        }

        if (seen == 0)
        {
            return;
        }

        row[0] = Compress(top[0]);
        row[1] = Compress(top[Math.Min(1, seen - 1)]);
        row[2] = Compress(top[Math.Min(2, seen - 1)]);
        row[3] = Compress(MeanTop(top, seen));

        // A smoothed share: one deviant of three series is not the same as twenty of sixty.
        row[4] = beyond / (seen + 10f);
        row[5] = Compress((float)Math.Sqrt(squares / seen));
    }

    static void PoolSpread(ReadOnlySpan<float> features, int series, Span<float> row)
    {
        Span<float> top = stackalloc float[Top];
        top.Clear();
        var seen = 0;
        double sum = 0;
        for (var i = 0; i < series * FeatureSpec.Count; i += FeatureSpec.Count)
        {
            var ratio = features[i + FeatureSpec.Std10] / features[i + FeatureSpec.Scale];
            if (float.IsNaN(ratio))
            {
                continue;
            }

            ratio = Math.Min(ratio, (float)FeatureSpec.ZLimit);
            seen++;
            sum += Compress(ratio);
            Rank(top, ratio);
        }

        if (seen == 0)
        {
            return;
        }

        row[0] = Compress(top[0]);
        row[1] = Compress(top[Math.Min(2, seen - 1)]);
        row[2] = Compress(MeanTop(top, seen));
        row[3] = (float)(sum / seen);
    }

    static void Rank(Span<float> top, float value)
    {
        if (value <= top[Top - 1])
        {
            return;
        }

        var at = Top - 1;
        for (; at > 0 && top[at - 1] < value; at--)
        {
            top[at] = top[at - 1];
        }

        top[at] = value;
    }

    static float MeanTop(ReadOnlySpan<float> top, int seen)
    {
        float sum = 0;
        var count = Math.Min(Top, seen);
        for (var i = 0; i < count; i++)
        {
            sum += top[i];
        }

        return sum / count;
    }

    static float Compress(float value) => MathF.Log(1 + value);
}
