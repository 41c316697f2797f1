namespace Forewarn.Analytics;

/// <summary>Rows to train on, row-major.</summary>
public sealed record TrainingRows(float[] Rows, int RowCount, int Features)
{
    public ReadOnlySpan<float> Row(int index) => Rows.AsSpan(index * Features, Features);
}
