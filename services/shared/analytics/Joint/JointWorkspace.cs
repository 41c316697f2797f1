namespace Forewarn.Analytics;

/// <summary>Room to measure rows in, so that nothing is allocated for a tick.</summary>
sealed class JointWorkspace
{
    public JointWorkspace(JointMembers members, int metrics, int capacity)
    {
        (Metrics, Capacity) = (metrics, capacity);
        Scaled = new float[capacity * metrics * JointRow.Count];
        Short = new float[capacity * metrics * JointRow.ShortCount];
        ShortComponents = new float[capacity * members.Short.ComponentStride];
        LongComponents = new float[capacity * members.Long.ComponentStride];
        Expected = new float[capacity * members.Short.RestoredStride];
        Restored = new float[capacity * members.Long.RestoredStride];
        Products = new float[capacity * members.Conditional.Stride];
        Energies = [.. Enumerable.Range(0, JointMembers.PerMetric).Select(_ => new float[capacity * metrics])];
    }

    public int Metrics { get; }

    public int Capacity { get; }

    /// <summary>All scaled features, row by row.</summary>
    public float[] Scaled { get; }

    /// <summary>The short ones of them.</summary>
    public float[] Short { get; }

    public float[] ShortComponents { get; }

    public float[] LongComponents { get; }

    /// <summary>Reconstruction of the short features.</summary>
    public float[] Expected { get; }

    public float[] Restored { get; }

    public float[] Products { get; }

    /// <summary>For each member one energy a metric, row by row.</summary>
    public float[][] Energies { get; }

    public void GatherShort(int rows)
    {
        for (var metric = 0; metric < rows * Metrics; metric++)
        {
            Scaled.AsSpan(metric * JointRow.Count, JointRow.ShortCount)
                .CopyTo(Short.AsSpan(metric * JointRow.ShortCount));
        }
    }
}
