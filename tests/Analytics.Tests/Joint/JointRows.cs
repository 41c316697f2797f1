namespace Forewarn.Analytics.Tests.Joint;

/// <summary>Joint rows of an entity whose columns are the model's slots, tick by tick.</summary>
sealed class JointRows(int metrics)
{
    readonly SeriesFeatures[] _series = [.. Enumerable.Range(0, metrics).Select(_ => new SeriesFeatures("1"))];
    readonly float[] _features = new float[metrics * FeatureSpec.Count];
    readonly int[] _columns = [.. Enumerable.Range(0, metrics)];

    public void Update(ReadOnlySpan<double> values, Span<float> row)
    {
        for (var i = 0; i < metrics; i++)
            _series[i].Update(0, values[i], _features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
        JointRow.Gather(_features, _columns, row);
    }
}
