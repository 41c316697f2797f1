namespace Forewarn.Analytics;

/// <summary>
/// Generates ordinary behaviour (noise, slow walks, load averages, daily rhythm, bursts, mostly idle counters, heavy
/// tails, saw-teeth, constants, busy starts) and runs it through the real features, so that a model exists before the
/// first real sample. The same seed gives the same rows.
/// </summary>
public static class NormalBehaviour
{
    /// <summary>Every n-th tick becomes a row: neighbours tell the same.</summary>
    const int Stride = 4;

    /// <summary>Rows of <paramref name="entities"/> machines with <paramref name="series"/> series each, from warm on.</summary>
    public static TrainingRows Generate(long seed, int entities, int series, int ticks)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(entities);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(series);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ticks, MaturityLevels.WarmSamples);
        var parts = new float[entities][];
        Parallel.For(0, entities, i => parts[i] = RowsOf(new SeededRandom(seed, i + 1), series, ticks));
        return Join(parts);
    }

    /// <summary>Rows for the first forest: 96 machines of 12 to 90 series, 15 minutes each.</summary>
    public static TrainingRows FirstTrainingRows(int seed, int entities = 96, int ticks = 900)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(entities);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ticks, MaturityLevels.WarmSamples);
        var parts = new float[entities][];
        Parallel.For(0, entities, i =>
        {
            var random = new SeededRandom(seed, i + 1);
            parts[i] = RowsOf(random, 12 + random.NextInt(79), ticks);
        });
        return Join(parts);
    }

    static float[] RowsOf(SeededRandom random, int series, int ticks)
    {
        var entity = new SyntheticEntity(random, series);
        var state = new SeriesFeatures[series];
        for (var i = 0; i < series; i++)
        {
            state[i] = new SeriesFeatures(entity.UnitOf(i));
        }

        var values = new double[series];
        var features = new float[series * FeatureSpec.Count];
        var rows = new float[(ticks - MaturityLevels.WarmSamples + Stride - 1) / Stride * RowSpec.Count];
        var written = 0;
        for (var tick = 0; tick < ticks; tick++)
        {
            entity.Next(values);
            for (var i = 0; i < series; i++)
            {
                state[i].Update(tick * 1000L, values[i], features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
            }

            if (tick >= MaturityLevels.WarmSamples && (tick - MaturityLevels.WarmSamples) % Stride == 0)
            {
                RowSpec.Fill(features, series, rows.AsSpan(written, RowSpec.Count));
                written += RowSpec.Count;
            }
        }

        return rows;
    }

    static TrainingRows Join(float[][] parts)
    {
        var rows = new float[parts.Sum(part => part.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(rows, at);
            at += part.Length;
        }

        return new TrainingRows(rows, rows.Length / RowSpec.Count, RowSpec.Count);
    }
}
