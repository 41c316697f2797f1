using Forewarn.Analytics;

namespace Forewarn.Models.Tests.Joint;

public sealed class JointManifestTests
{
    const int Metrics = 2;

    static readonly TrainedJoint Trained = JointModels.Train(5, Metrics, 300);

    [Fact]
    public void A_manifest_of_joint_rows_names_series_and_features_and_is_taken()
    {
        using var scorer = OnnxScorer.Load(JointModels.File(Trained));
        ManifestRules.CheckRows(ModelManifest.FromJson(Manifest().ToJson()), scorer, JointModels.Read(scorer, Trained));
    }

    [Fact]
    public void Other_names_another_order_and_another_kind_of_rows_are_refused()
    {
        using var scorer = OnnxScorer.Load(JointModels.File(Trained));
        var joint = JointModels.Read(scorer, Trained);
        var names = Manifest().FeatureNames;

        Refusal(Manifest() with { FeatureNames = [.. names.Reverse()] }, joint).ShouldContain("another order");
        Refusal(Manifest() with { FeatureNames = [.. names.Skip(1)] }, joint).ShouldContain("names 23");
        Refusal(Manifest() with { FeatureSpec = "f0" }, joint).ShouldContain("Train a new model");
        Refusal(Manifest() with { RowSpec = "j0" }, joint).ShouldContain("Train a new model");
        Refusal(Manifest(), null).ShouldContain("no joint model");
        Refusal(Manifest() with { RowSpec = RowSpec.Version, FeatureNames = RowSpec.Names }, joint).ShouldContain("a joint model");

        string Refusal(ModelManifest manifest, GroupModel? of) =>
            Should.Throw<ModelRefusedException>(() => ManifestRules.CheckRows(manifest, scorer, of)).Message;
    }

    static ModelManifest Manifest() => Manifests.Of([1]) with
    {
        Kind = "joint",
        Group = "00112233",
        RowSpec = JointRow.Version,
        FeatureNames = JointFile.FeatureNames(JointModels.Columns(Metrics)),
    };
}
