namespace Forewarn.Analytics;

/// <summary>
/// Brings the entries of a row onto one scale: z = (x - mean) / deviation of the training rows, then z / (1 + |z| / 8).
/// That is z near zero, keeps every order and never passes 8. Shares are zero on most rows and far out on a few: as they
/// are, one such row would weigh a thousand ordinary ones in a squared error, and clipped, bad and worse would look alike.
/// </summary>
/// <param name="Mean">Subtracted from each entry.</param>
/// <param name="Inverse">1 / (<see cref="Limit"/> x deviation) of each entry.</param>
public sealed record RowScaling(float[] Mean, float[] Inverse)
{
    /// <summary>No scaled entry passes this.</summary>
    public const float Limit = 8;

    /// <summary>Relative to max(1, |mean|): an entry that hardly ever changed must not turn rounding into a deviation.</summary>
    const double LeastDeviation = 1e-3;

    public int Features => Mean.Length;

    /// <summary>x / (1 + |x|): bounded like tanh, but made of operations that IEEE 754 rounds alike on every machine.</summary>
    public static float Softsign(float x) => x / (1 + Math.Abs(x));

    /// <inheritdoc cref="Softsign(float)"/>
    public static double Softsign(double x) => x / (1 + Math.Abs(x));

    /// <summary>The scaling that suits these rows.</summary>
    public static RowScaling Of(ReadOnlySpan<float> rows, int features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows.Length, features, nameof(rows));
        var count = rows.Length / features;
        var (mean, inverse) = (new float[features], new float[features]);
        for (var feature = 0; feature < features; feature++)
        {
            double sum = 0, squares = 0;
            for (var at = feature; at < rows.Length; at += features)
            {
                sum += rows[at];
            }

            var centre = sum / count;
            for (var at = feature; at < rows.Length; at += features)
            {
                squares += (rows[at] - centre) * (rows[at] - centre);
            }

            var deviation = Math.Max(Math.Sqrt(squares / count), LeastDeviation * Math.Max(1, Math.Abs(centre)));
            (mean[feature], inverse[feature]) = ((float)centre, (float)(1 / (Limit * deviation)));
        }

        return new RowScaling(mean, inverse);
    }

    /// <summary>Fills <paramref name="scaled"/> with the scaled entries of a row.</summary>
    public void Apply(ReadOnlySpan<float> row, Span<float> scaled)
    {
        for (var i = 0; i < Mean.Length; i++)
        {
            scaled[i] = Limit * Softsign((row[i] - Mean[i]) * Inverse[i]);
        }
    }
}
