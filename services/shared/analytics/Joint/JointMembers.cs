namespace Forewarn.Analytics;

/// <summary>What measures a row, before anything is said about how rare that is.</summary>
sealed record JointMembers(ResidualEnergy Short, ResidualEnergy Long, ConditionalEnergy Conditional)
{
    /// <summary>Energies of a metric: short residual, long residual, conditional.</summary>
    public const int PerMetric = 3;

    /// <summary>Whether all parts read rows of so many metrics.</summary>
    public bool Fit(int metrics) => Short.Reads(metrics * JointRow.ShortCount) && Long.Reads(metrics * JointRow.Count)
        && Conditional.Reads(metrics * JointRow.ShortCount);

    /// <summary>Measures the first rows of a workspace.</summary>
    public void Measure(JointWorkspace on, int rows)
    {
        on.GatherShort(rows);
        Short.Measure(on.Short, rows, JointRow.ShortCount, on.ShortComponents, on.Expected, on.Energies[0]);
        Long.Measure(on.Scaled, rows, JointRow.Count, on.LongComponents, on.Restored, on.Energies[1]);
        Conditional.Measure(on.Short, rows, JointRow.ShortCount, on.Products, on.Energies[2]);
    }

    /// <summary>Where a measured row stands among its neighbours: its components and how far it is from them.</summary>
    public void Place(JointWorkspace on, int row, Span<float> coordinates)
    {
        on.ShortComponents.AsSpan(row * Short.ComponentStride, Short.Components).CopyTo(coordinates);
        var width = on.Metrics * JointRow.ShortCount;
        var from = on.Short.AsSpan(row * width, width);
        var back = on.Expected.AsSpan(row * Short.RestoredStride, width);
        var squares = 0f;
        for (var i = 0; i < width; i++)
            squares += (from[i] - back[i]) * (from[i] - back[i]);
        coordinates[Short.Components] = MathF.Sqrt(squares);
    }

    public void Write(BinaryWriter w)
    {
        Short.Write(w);
        Long.Write(w);
        Conditional.Write(w);
    }

    public static JointMembers Read(BinaryReader r) => new(ResidualEnergy.Read(r), ResidualEnergy.Read(r), ConditionalEnergy.Read(r));
}
