namespace Forewarn.Analytics;

/// <summary>
/// How strange a metric's features are given those of all others: with the precision matrix P of ordinary rows, metric
/// f's energy is the logarithm of the root of (P z)_f' (P_ff)^-1 (P z)_f, the squared Mahalanobis distance of what f deviates
/// from its expectation under the others. One product, as each metric's part is whitened beforehand. Immutable and thread-safe.
/// </summary>
sealed class ConditionalEnergy(PackedMatrix whiten)
{
    /// <summary>From features to those whose squares, summed over a metric, are its distance.</summary>
    public PackedMatrix Whitening => whiten;

    /// <summary>Numbers between the products of two rows.</summary>
    public int Stride => whiten.Stride;

    /// <summary>Whether it reads rows so wide.</summary>
    public bool Reads(int width) => whiten.Inner == width && whiten.Columns == width;

    /// <param name="values">Eigenvalues of the second moments, descending.</param>
    /// <param name="vectors">Their vectors.</param>
    /// <param name="perMetric">Features of a metric.</param>
    /// <param name="ridge">Added to each eigenvalue before it is inverted.</param>
    public static ConditionalEnergy Of(double[] values, double[][] vectors, int perMetric, double ridge)
    {
        var size = values.Length;
        var whitened = Precision(values, vectors, ridge);
        for (var first = 0; first < size; first += perMetric)
            Whiten(whitened.AsSpan(first, perMetric), first);
        return new ConditionalEnergy(PackedMatrix.Of(size, size, (feature, row) => whitened[row][feature]));
    }

    /// <inheritdoc cref="ResidualEnergy.Measure"/>
    public void Measure(ReadOnlySpan<float> scaled, int rows, int perMetric, Span<float> products, Span<float> energies)
    {
        var width = whiten.Inner;
        whiten.Multiply(scaled, width, rows, products);
        for (var row = 0; row < rows; row++)
        {
            var own = products.Slice(row * Stride, width);
            for (var first = 0; first < width; first += perMetric)
            {
                var squares = 0f;
                for (var i = first; i < first + perMetric; i++)
                    squares += own[i] * own[i];
                energies[((row * width) + first) / perMetric] = ResidualEnergy.Energy(squares);
            }
        }
    }

    public void Write(BinaryWriter w) => whiten.Write(w);

    public static ConditionalEnergy Read(BinaryReader r) => new(PackedMatrix.Read(r));

    static double[][] Precision(double[] values, double[][] vectors, double ridge)
    {
        var size = values.Length;
        var precision = new double[size][];
        for (var i = 0; i < size; i++)
            precision[i] = new double[size];
        for (var k = 0; k < size; k++)
        {
            var inverse = 1 / (Math.Max(0, values[k]) + ridge);
            for (var i = 0; i < size; i++)
                Sums.AddScaled(precision[i], vectors[k], vectors[k][i] * inverse);
        }
        return precision;
    }

    // Solves L y = rows, where L L' (Cholesky) is the block of the metric itself: |y|^2 is the distance wanted.
    static void Whiten(Span<double[]> rows, int first)
    {
        var size = rows.Length;
        var factor = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var left = rows[i][first + j];
                for (var k = 0; k < j; k++)
                    left -= factor[i, k] * factor[j, k];
                factor[i, j] = i == j ? Math.Sqrt(Math.Max(left, 1e-12)) : left / factor[j, j];
            }
        }
        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < i; k++)
                Sums.AddScaled(rows[i], rows[k], -factor[i, k]);
            var row = rows[i];
            for (var column = 0; column < row.Length; column++)
                row[column] /= factor[i, i];
        }
    }
}
