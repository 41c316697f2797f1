namespace Forewarn.Analytics.Tests.Explanations;

public sealed class ExplainerTests
{
    [Fact]
    public void The_most_deviant_series_come_first_with_their_sign()
    {
        var features = new float[5 * FeatureSpec.Count];
        (float Z, float Level)[] deviations = [(1, 0), (-9, -2), (float.NaN, float.NaN), (3, 12), (4, 4)];
        for (var i = 0; i < deviations.Length; i++)
        {
            features[(i * FeatureSpec.Count) + FeatureSpec.Z] = deviations[i].Z;
            features[(i * FeatureSpec.Count) + FeatureSpec.ZLevel] = deviations[i].Level;
            features[(i * FeatureSpec.Count) + FeatureSpec.Value] = 100 + i;
        }

        var top = new Contribution[3];
        Explainer.TopContributions(features, 5, top).ShouldBe(3);
        top.Select(c => c.Series).ShouldBe([3, 1, 4]);
        top.Select(c => c.Z).ShouldBe([12f, -9f, 4f]);
        top[0].Value.ShouldBe(103);
        Explainer.TopContributions(features, 5, new Contribution[10]).ShouldBe(4);
        Explainer.TopContributions(features, 5, []).ShouldBe(0);
    }
}
