using System.Text;
using System.Text.Json;
using CsCheck;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Predictor.Tests;

/// <summary>What lies in the store is not believed: the predictor refuses it with the reason and goes on with what it has.</summary>
public sealed class RefusedFilesTests : IAsyncLifetime
{
    static readonly Lazy<TestModel> Next = new(() => new TestModel(seed: 3));

    readonly FakeDapr _dapr = new();
    readonly PredictorRig _rig;

    public RefusedFilesTests() => _rig = new PredictorRig(_dapr, new FakeTimeProvider(PredictorRig.Start));

    static string Manifest => $"{Next.Value.Version}.json";

    static string Part => Next.Value.Manifest.Parts.ShouldHaveSingleItem();

    public async ValueTask InitializeAsync()
    {
        await _rig.PublishAsync(TestModel.Shared);
        Put(Next.Value.Manifest, Next.Value.Onnx);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task The_files_as_they_are_are_taken()
    {
        await OfferAsync(Next.Value.Info);
        _rig.Models.Current!.Version.ShouldBe(Next.Value.Version);
    }

    [Fact]
    public Task A_file_cut_off_anywhere_is_refused_as_damaged() => Gen.Int[0, Next.Value.Onnx.Length - 1].SampleAsync(async length =>
    {
        _dapr.Files[Part] = Next.Value.Onnx[..length];
        (await RefusalAsync(Next.Value.Info)).ShouldContain("is damaged or was changed");
    }, iter: 100, threads: 1);

    [Fact]
    public Task A_manifest_cut_off_anywhere_is_refused() => Gen.Int[0, Next.Value.Manifest.ToJson().Length - 1].SampleAsync(async length =>
    {
        _dapr.Files[Manifest] = Next.Value.Manifest.ToJson()[..length];
        (await RefusalAsync(Next.Value.Info)).ShouldContain("manifest");
    }, iter: 100, threads: 1);

    [Fact]
    public Task A_changed_byte_anywhere_is_refused() => Gen.Select(Gen.Int[0, Next.Value.Onnx.Length - 1], Gen.Int[1, 255]).SampleAsync(async change =>
    {
        var changed = (byte[])Next.Value.Onnx.Clone();
        changed[change.Item1] ^= (byte)change.Item2;
        _dapr.Files[Part] = changed;
        (await RefusalAsync(Next.Value.Info)).ShouldContain(Next.Value.Manifest.Sha256);
    }, iter: 100, threads: 1);

    [Fact]
    public async Task A_part_that_grows_is_not_read_to_its_end()
    {
        var parts = Enumerable.Range(0, 60).Select(i => $"{Next.Value.Version}.onnx.{i}").ToArray();
        foreach (var part in parts)
            _dapr.Files[part] = new byte[1_000_000];
        Put(Next.Value.Manifest with { Parts = parts, SizeBytes = 1_500_000 }, onnx: null);
        _dapr.Calls.Clear();

        (await RefusalAsync(Next.Value.Info)).ShouldContain("more than the 1500000 bytes");
        _dapr.Calls["InvokeBinding"].ShouldBe(3, "the manifest and two parts");
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_size_that_cannot_be_is_refused_before_anything_is_read(long size)
    {
        Put(Next.Value.Manifest with { SizeBytes = size }, onnx: null);
        _dapr.Calls.Clear();

        (await RefusalAsync(Next.Value.Info)).ShouldContain($"a file of {size} bytes");
        _dapr.Calls["InvokeBinding"].ShouldBe(1);
    }

    [Fact]
    public async Task A_manifest_of_another_model_is_refused()
    {
        _dapr.Files[Manifest] = TestModel.Shared.Manifest.ToJson();
        (await RefusalAsync(Next.Value.Info)).ShouldContain($"describes {TestModel.Shared.Version}");
    }

    [Fact]
    public async Task A_registry_that_expects_another_file_is_believed()
    {
        var expected = new string('0', 64);
        (await RefusalAsync(Next.Value.Info with { Sha256 = expected })).ShouldContain($"the registry expects {expected}");
    }

    [Theory]
    [InlineData("manifest")]
    [InlineData("part")]
    public async Task A_file_that_is_missing_is_asked_for_again_and_the_champion_stays(string what)
    {
        var name = what == "manifest" ? Manifest : Part;
        _dapr.Files.Remove(name, out var content);
        await OfferAsync(Next.Value.Info);
        _rig.Models.Current!.Version.ShouldBe(TestModel.Shared.Version);

        _dapr.Files[name] = content!;
        await OfferAsync(Next.Value.Info);
        _rig.Models.Current!.Version.ShouldBe(Next.Value.Version);
    }

    [Fact]
    public async Task A_sound_model_for_wider_rows_is_refused()
    {
        var wide = Foreign(new OnnxNode("ReduceMax", ["X"], ["score"]) { Attributes = [OnnxAttribute.Of("axes", new long[] { 1 }), OnnxAttribute.Of("keepdims", 0)] }, RowSpec.Count + 1);
        (await RefusalAsync(wide)).ShouldContain($"reads {RowSpec.Count + 1} numbers per row");
    }

    [Fact]
    public async Task A_model_with_an_operator_nobody_knows_is_refused_by_name() =>
        (await RefusalAsync(Foreign(new OnnxNode("Clairvoyance", ["X"], ["score"]), RowSpec.Count))).ShouldContain("Clairvoyance");

    [Fact]
    public async Task A_model_of_rows_that_are_not_made_is_refused()
    {
        Put(Next.Value.Manifest with { RowSpec = "r0" }, onnx: null);
        (await RefusalAsync(Next.Value.Info)).ShouldContain("Train a new model");
    }

    [Fact]
    public async Task A_text_file_with_a_true_checksum_is_refused() =>
        (await RefusalAsync(Registered(Encoding.UTF8.GetBytes("once upon a time")))).ShouldContain("no ONNX model");

    ModelInfo Foreign(OnnxNode node, long width) => Registered(new OnnxModel
    {
        Name = "foreign",
        Inputs = [new OnnxValue("X", [null, width])],
        Outputs = [new OnnxValue("score", [null])],
        Nodes = [node],
    }.ToBytes());

    ModelInfo Registered(byte[] onnx)
    {
        var sha256 = ModelManifest.Sha256Of(onnx);
        var version = ModelManifest.VersionOf(sha256);
        var manifest = Next.Value.Manifest with { Version = version, Sha256 = sha256, SizeBytes = onnx.Length, Parts = ModelStore.PartsOf(version, onnx.Length) };
        Put(manifest, onnx);
        return manifest.ToInfo(ModelState.Champion);
    }

    void Put(ModelManifest manifest, byte[]? onnx)
    {
        _dapr.Files[$"{manifest.Version}.json"] = manifest.ToJson();
        if (onnx is not null)
            _dapr.Files[manifest.Parts[0]] = onnx;
    }

    Task<bool> OfferAsync(ModelInfo model)
    {
        var json = JsonSerializer.Serialize(model, ContractJson.Default.ModelInfo);
        _dapr.Invoke = (app, path) => app == Apps.Trainer && path == "v1/models/champion?group=any" ? json : null;
        return _rig.Models.RefreshAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Why the store does not give it, after the predictor was offered it and stayed with what it has.</summary>
    async Task<string> RefusalAsync(ModelInfo model)
    {
        var store = _rig.Get<ModelStore>();
        var refused = await Should.ThrowAsync<ModelRefusedException>(() => store.FetchAsync(model, TestContext.Current.CancellationToken));
        var calls = _dapr.Calls.GetValueOrDefault("InvokeBinding");
        await OfferAsync(model);
        _dapr.Calls["InvokeBinding"] = calls;
        _rig.Models.Current!.Version.ShouldBe(TestModel.Shared.Version);
        _rig.Models.Current.Scorer.Score(new float[RowSpec.Count], 1, new float[1]);
        return refused.Message;
    }
}
