namespace Forewarn.Analytics;

/// <summary>
/// Pools the features of any number of series into one fixed-length, scale-free row: how far the most deviant series
/// stray, how many do, and how unsettled they are. The first forest reads nothing else, so it fits every host.
/// </summary>
public static class RowSpec
{
    /// <summary>Changes whenever an entry is added, removed, reordered or redefined.</summary>
    public const string Version = "r2";

    public const int Count = 11;

    /// <summary>Position of log(1 + level deviation) of the second most deviant series, in robust standard deviations; so the next two.</summary>
    public const int LevelSecond = 1;

    /// <summary>Of the third most deviant series.</summary>
    public const int LevelThird = 2;

    /// <summary>Of the mean of the five most deviant series.</summary>
    public const int LevelTop5 = 3;

    const int Top = 5;
    const int LevelAt = 0;
    const int LevelRms = 6;
    const int ZAt = 8;
    const int StepAt = 9;
    const int SpreadAt = 10;
    const float Beyond = 3;
    const float FarBeyond = 8;

    // Ordinary machines spike all the time, so a spike may only whisper: eight features follow levels that lasted,
    // three say how unsettled the moment is, and those are cut off where every job reaches.
    const float SpikeLimit = 3;

    public static IReadOnlyList<string> Names { get; } =
    [
        "level_max", "level_2nd", "level_3rd", "level_top5", "level_share", "level_far_share", "level_rms", "level_mean",
        "z_rms", "step_rms",
        "spread_mean",
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
        PoolLevels(features, series, row[LevelAt..]);
        row[ZAt] = Compress(Rms(features, series, FeatureSpec.Z));
        row[StepAt] = Compress(Rms(features, series, FeatureSpec.ZDelta));
        row[SpreadAt] = MeanSpread(features, series);
    }

    static void PoolLevels(ReadOnlySpan<float> features, int series, Span<float> row)
    {
        Span<float> top = stackalloc float[Top];
        top.Clear();
        int seen = 0, beyond = 0, farBeyond = 0;
        double squares = 0, logs = 0;
        for (var i = FeatureSpec.ZLevel; i < series * FeatureSpec.Count; i += FeatureSpec.Count)
        {
            var z = Math.Abs(features[i]);
            if (float.IsNaN(z))
            {
                continue;
            }

            seen++;
            beyond += z > Beyond ? 1 : 0;
            farBeyond += z > FarBeyond ? 1 : 0;
            squares += (double)z * z;
            logs += Compress(z);
            Rank(top, z);
        }

        if (seen == 0)
        {
            return;
        }

        row[0] = Compress(top[0]);
        row[LevelSecond] = Compress(top[Math.Min(1, seen - 1)]);
        row[LevelThird] = Compress(top[Math.Min(2, seen - 1)]);
        row[LevelTop5] = Compress(MeanTop(top, seen));

        // Smoothed shares: one deviant of three series is not the same as twenty of sixty.
        row[4] = beyond / (seen + 10f);
        row[5] = farBeyond / (seen + 10f);
        row[LevelRms] = Compress((float)Math.Sqrt(squares / seen));
        row[7] = (float)(logs / seen);
    }

    static float Rms(ReadOnlySpan<float> features, int series, int feature)
    {
        var seen = 0;
        double squares = 0;
        for (var i = feature; i < series * FeatureSpec.Count; i += FeatureSpec.Count)
        {
            var z = Math.Min(Math.Abs(features[i]), SpikeLimit);
            if (!float.IsNaN(z))
            {
                seen++;
                squares += (double)z * z;
            }
        }

        return (float)Math.Sqrt(squares / Math.Max(1, seen));
    }

    static float MeanSpread(ReadOnlySpan<float> features, int series)
    {
        var seen = 0;
        double sum = 0;
        for (var i = 0; i < series * FeatureSpec.Count; i += FeatureSpec.Count)
        {
            var ratio = Math.Min(features[i + FeatureSpec.Std20] / features[i + FeatureSpec.Scale], SpikeLimit);
            if (!float.IsNaN(ratio))
            {
                seen++;
                sum += Compress(ratio);
            }
        }

        return (float)(sum / Math.Max(1, seen));
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
