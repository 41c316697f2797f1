namespace Forewarn.Analytics;

/// <summary>Distribution of a model's scores on normal behaviour, shipped with the model.</summary>
/// <param name="Quantiles">Quantiles at <see cref="Levels"/>, ascending.</param>
/// <param name="TailScale">Scale of the exponential tail beyond the last quantile.</param>
/// <param name="Count">Scores it was computed from.</param>
public sealed record CalibrationPrior(float[] Quantiles, double TailScale, int Count)
{
    const int TailStart = 12;

    /// <summary>Levels of <see cref="Quantiles"/>.</summary>
    public static IReadOnlyList<double> Levels { get; } =
        [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998];

    public static CalibrationPrior FromScores(ReadOnlySpan<float> scores)
    {
        if (scores.Length < 100)
        {
            throw new ArgumentException($"A prior needs at least 100 scores, got {scores.Length}.", nameof(scores));
        }

        var sorted = scores.ToArray();
        Array.Sort(sorted);
        var quantiles = new float[Levels.Count];
        for (var i = 0; i < quantiles.Length; i++)
        {
            var position = Levels[i] * (sorted.Length - 1);
            var below = (int)position;
            var above = Math.Min(below + 1, sorted.Length - 1);
            quantiles[i] = (float)(sorted[below] + ((position - below) * (sorted[above] - sorted[below])));
        }

        // One odd event among the training normals must not stretch the tail: the mean excess counts up to 1.5 times
        // what the median excess of an exponential tail would make it.
        double start = quantiles[TailStart], excess = 0;
        var first = Array.FindIndex(sorted, score => score > start);
        var beyond = first < 0 ? 0 : sorted.Length - first;
        for (var i = sorted.Length - beyond; i < sorted.Length; i++)
        {
            excess += (sorted[i] - start) / beyond;
        }

        var median = beyond == 0 ? 0 : (sorted[^((beyond + 1) / 2)] - start) / Math.Log(2);
        var least = 0.02 * Math.Max(start - quantiles[5], 1e-6);
        return new CalibrationPrior(quantiles, Math.Max(Math.Min(excess, 1.5 * median), least), sorted.Length);
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var quantile in Quantiles)
        {
            writer.Write(quantile);
        }

        writer.Write(TailScale);
        writer.Write(Count);
    }

    public static CalibrationPrior Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var quantiles = new float[Levels.Count];
        for (var i = 0; i < quantiles.Length; i++)
        {
            quantiles[i] = reader.ReadSingle();
        }

        return new CalibrationPrior(quantiles, reader.ReadDouble(), reader.ReadInt32());
    }

    /// <summary>P(score >= s) on normal behaviour: interpolated between quantiles, exponential beyond the last.</summary>
    public TailProbability Survival(double score)
    {
        var last = Quantiles.Length - 1;
        if (score >= Quantiles[last])
        {
            var p = (1 - Levels[last]) * Math.Exp(-(score - Quantiles[last]) / TailScale);
            return new TailProbability(p, p < 1.0 / Count);
        }

        if (score <= Quantiles[0])
        {
            return new TailProbability(1 - (Levels[0] / 2), Extrapolated: false);
        }

        var i = 1;
        while (Quantiles[i] < score)
        {
            i++;
        }

        double low = Quantiles[i - 1], high = Quantiles[i];
        var share = high > low ? (score - low) / (high - low) : 1;

        // Between levels the logarithm of the survival is closer to linear than the survival.
        var survival = Math.Exp(((1 - share) * Math.Log(1 - Levels[i - 1])) + (share * Math.Log(1 - Levels[i])));
        return new TailProbability(survival, Extrapolated: false);
    }
}
