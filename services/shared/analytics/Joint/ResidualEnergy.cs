namespace Forewarn.Analytics;

/// <summary>
/// What the principal components of ordinary rows do not explain of each metric: the logarithm of the distance between
/// its features and their reconstruction. Immutable and thread-safe.
/// </summary>
sealed class ResidualEnergy(PackedMatrix project, PackedMatrix restore)
{
    /// <summary>Added to a distance before the logarithm: what is smaller is noise.</summary>
    public const float Floor = 0.05f;

    /// <summary>From features to components.</summary>
    public PackedMatrix Project => project;

    /// <summary>And back.</summary>
    public PackedMatrix Restore => restore;

    /// <summary>Components that are taken out.</summary>
    public int Components => project.Columns;

    /// <summary>Numbers between the components of two rows.</summary>
    public int ComponentStride => project.Stride;

    /// <summary>Numbers between the reconstructions of two rows.</summary>
    public int RestoredStride => restore.Stride;

    /// <summary>Whether it reads rows so wide.</summary>
    public bool Reads(int width) => project.Inner == width && restore.Columns == width && restore.Inner == project.Columns;

    /// <param name="values">Eigenvalues of the second moments, descending.</param>
    /// <param name="vectors">Their vectors.</param>
    /// <param name="explained">Share of their sum to take out.</param>
    public static ResidualEnergy Of(double[] values, double[][] vectors, double explained)
    {
        var (total, sum, kept) = (values.Sum(value => Math.Max(0, value)), 0.0, 0);
        while (kept < values.Length && sum < explained * total)
            sum += Math.Max(0, values[kept++]);
        kept = Math.Max(1, kept);
        return new ResidualEnergy(
            PackedMatrix.Of(values.Length, kept, (feature, component) => vectors[component][feature]),
            PackedMatrix.Of(kept, values.Length, (component, feature) => vectors[component][feature]));
    }

    /// <summary>Energies of rows.</summary>
    /// <param name="scaled">Scaled features, row-major without space between rows.</param>
    /// <param name="rows">How many.</param>
    /// <param name="perMetric">Features of a metric.</param>
    /// <param name="components">Room for the components of the rows.</param>
    /// <param name="restored">Room for their reconstructions.</param>
    /// <param name="energies">One a metric and row.</param>
    public void Measure(ReadOnlySpan<float> scaled, int rows, int perMetric, Span<float> components, Span<float> restored, Span<float> energies)
    {
        var width = project.Inner;
        project.Multiply(scaled, width, rows, components);
        restore.Multiply(components, ComponentStride, rows, restored);
        for (var row = 0; row < rows; row++)
        {
            var from = scaled.Slice(row * width, width);
            var back = restored.Slice(row * RestoredStride, width);
            for (var first = 0; first < width; first += perMetric)
            {
                var squares = 0f;
                for (var i = first; i < first + perMetric; i++)
                    squares += (from[i] - back[i]) * (from[i] - back[i]);
                energies[((row * width) + first) / perMetric] = Energy(squares);
            }
        }
    }

    /// <summary>The logarithm of a distance, floored where only noise is left.</summary>
    public static float Energy(float squares) => MathF.Log(MathF.Sqrt(squares) + Floor);

    public void Write(BinaryWriter w)
    {
        project.Write(w);
        restore.Write(w);
    }

    public static ResidualEnergy Read(BinaryReader r) => new(PackedMatrix.Read(r), PackedMatrix.Read(r));
}
