using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Models.Tests.Joint;
using Forewarn.Testing;

namespace Forewarn.Predictor.Tests;

/// <summary>A joint model travels through the store as any other does.</summary>
public sealed class JointStoreTests : IDisposable
{
    const int Metrics = 2;

    static readonly TrainedJoint Trained = JointModels.Train(5, Metrics, 300);

    readonly FakeDapr _dapr = new();
    readonly string _cache = Path.Combine(Path.GetTempPath(), $"forewarn-joint-{Guid.NewGuid():N}");

    [Fact]
    public async Task It_comes_back_with_its_columns_and_scalings_and_another_model_has_none()
    {
        using var joint = await ThroughAsync(Manifest(JointModels.File(Trained)), JointModels.File(Trained));
        using var forest = await ThroughAsync(TestModel.Shared.Manifest, TestModel.Shared.Onnx);

        joint.Joint.ShouldNotBeNull().Columns.ShouldBe(JointModels.Columns(Metrics));
        joint.Joint.Version.ShouldBe(joint.Version);
        joint.Joint.ScalingOf("b").ShouldNotBeNull().Metrics.ShouldBe(Metrics);
        joint.Scorer.Metrics.ShouldBe(Metrics);
        forest.Joint.ShouldBeNull();
    }

    [Theory]
    [InlineData("fileName")] // bindings.localstorage
    [InlineData("key")] // bindings.aws.s3
    [InlineData("blobName")] // bindings.azure.blobstorage
    public async Task Every_binding_that_stores_files_finds_their_names(string metadata)
    {
        _dapr.FileNameIn = metadata;
        using var forest = await ThroughAsync(TestModel.Shared.Manifest, TestModel.Shared.Onnx);

        forest.Version.ShouldBe(TestModel.Shared.Manifest.Version);
        _dapr.Files.Keys.ShouldContain($"{forest.Version}.json");
    }

    [Fact]
    public async Task A_file_that_contradicts_itself_or_its_manifest_is_refused()
    {
        var bare = JointGraph.Write(Trained.Model, []);
        (await RefusalAsync(Manifest(bare), bare)).ShouldContain("no joint model");
        var spoilt = JointGraph.Write(Trained.Model, [JointModels.Metadata(Trained)[0], new("scalings", "AAAA")]);
        (await RefusalAsync(Manifest(spoilt), spoilt)).ShouldContain("damaged");
        var whole = JointModels.File(Trained);
        (await RefusalAsync(Manifest(whole) with { FeatureNames = JointFile.FeatureNames(["x", "y"]) }, whole)).ShouldContain("names others");
    }

    public void Dispose()
    {
        if (Directory.Exists(_cache))
            Directory.Delete(_cache, recursive: true);
    }

    async Task<string> RefusalAsync(ModelManifest manifest, byte[] onnx) =>
        (await Should.ThrowAsync<ModelRefusedException>(() => ThroughAsync(manifest, onnx))).Message;

    async Task<LoadedModel> ThroughAsync(ModelManifest manifest, byte[] onnx)
    {
        var store = new ModelStore(_dapr.Client(), _cache);
        await store.SaveAsync(manifest, onnx, TestContext.Current.CancellationToken);
        return await store.FetchAsync(manifest.ToInfo(ModelState.Champion), TestContext.Current.CancellationToken);
    }

    static ModelManifest Manifest(byte[] onnx) =>
        TestGroup.ManifestOf(onnx, "00112233", JointModels.Columns(Metrics), TestModel.Shared.Manifest.Prior);
}
