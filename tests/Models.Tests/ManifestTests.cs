using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models.Tests;

public sealed class ManifestTests
{
    [Fact]
    public void A_manifest_survives_its_json()
    {
        var manifest = Manifests.Of([1, 2, 3]) with
        {
            Parent = "0123456789abcdef",
            Training = Manifests.Training with { From = 1_700_000_000_000, To = 1_700_000_360_000, HistoryRows = 40, Entities = 2 },
        };
        var read = ModelManifest.FromJson(manifest.ToJson());

        read.ToJson().ShouldBe(manifest.ToJson());
        read.Training.Settings["trees"].ShouldBe(100);
        read.Prior.Quantiles.ShouldBe(manifest.Prior.Quantiles);
        read.Prior.Survival(0.9).ShouldBe(manifest.Prior.Survival(0.9));
    }

    [Theory]
    [InlineData("\"v\": 1", "\"v\": 2", "shape 2")]
    [InlineData("\"parts\": [", "\"parts\": [\"../../etc/passwd\",", "letters, digits")]
    [InlineData("\"sha256\": \"", "\"sha256\": \"A", "SHA-256")]
    [InlineData("\"kind\": ", "\"sort\": ", "kind")]
    [InlineData("\"tailScale\": ", "\"tailScale\": -", "calibration")]
    [InlineData("{", "{{", "cannot be read")]
    public void A_manifest_that_makes_no_sense_is_refused_with_the_reason(string there, string instead, string reason)
    {
        var text = System.Text.Encoding.UTF8.GetString(Manifests.Of([1, 2, 3]).ToJson());
        var at = text.IndexOf(there, StringComparison.Ordinal);
        at.ShouldBeGreaterThanOrEqualTo(0);
        var spoilt = text[..at] + instead + text[(at + there.Length)..];

        Should.Throw<ModelRefusedException>(() => ModelManifest.FromJson(System.Text.Encoding.UTF8.GetBytes(spoilt)))
            .Message.ShouldContain(reason);
    }

    [Fact]
    public void Reference_distributions_survive_and_a_manifest_without_any_is_read()
    {
        var rows = Forests.Rows(seed: 1, 500, RowSpec.Count);
        var manifest = Manifests.Of([1]) with { Reference = ReferenceHistogram.FromRows(rows, RowSpec.Count) };
        var read = ModelManifest.FromJson(manifest.ToJson());
        read.Reference.Select(reference => reference.Edges).ShouldBe(manifest.Reference.Select(reference => reference.Edges));
        read.Reference.Select(reference => reference.Shares).ShouldBe(manifest.Reference.Select(reference => reference.Shares));

        var older = System.Text.Encoding.UTF8.GetString(Manifests.Of([1]).ToJson()).Replace("\"reference\": [],", "", StringComparison.Ordinal);
        older.ShouldNotContain("reference");
        ModelManifest.FromJson(System.Text.Encoding.UTF8.GetBytes(older)).Reference.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(new[] { 1f, 1f }, new[] { 0.5, 0.2, 0.3 }, "ascending")]
    [InlineData(new[] { 1f, 2f }, new[] { 0.5, 0.5 }, "ascending")]
    [InlineData(new[] { 1f, float.NaN }, new[] { 0.5, 0.2, 0.3 }, "ascending")]
    [InlineData(new[] { 1f, 2f }, new[] { 0.5, 0.2, 0.4 }, "shares")]
    [InlineData(new[] { 1f, 2f }, new[] { -0.5, 1.2, 0.3 }, "shares")]
    public void A_reference_that_makes_no_sense_is_refused(float[] edges, double[] shares, string reason)
    {
        var manifest = Manifests.Of([1]) with { Reference = [.. Enumerable.Repeat(new ReferenceHistogram(edges, shares), RowSpec.Count)] };
        Should.Throw<ModelRefusedException>(() => ManifestRules.Check(manifest)).Message.ShouldContain(reason);
        Should.Throw<ModelRefusedException>(() => ManifestRules.Check(manifest with { Reference = [new([], [1])] })).Message.ShouldContain("of 1 features");
    }

    [Fact]
    public void A_kind_nobody_here_has_heard_of_is_taken_by_what_its_file_says()
    {
        var manifest = Manifests.Of([1, 2, 3]) with { Kind = "one-class-svm" };

        ModelManifest.FromJson(manifest.ToJson()).Kind.ShouldBe("one-class-svm");
    }

    [Fact]
    public void A_manifest_without_settings_is_read()
    {
        var text = System.Text.Encoding.UTF8.GetString((Manifests.Of([1]) with { Training = Manifests.Training with { Settings = new Dictionary<string, double>(StringComparer.Ordinal) } }).ToJson());
        var older = text.Replace("\"settings\": {}", "\"trees\": 100,\n    \"sampleSize\": 256", StringComparison.Ordinal);

        older.ShouldNotBe(text);
        ModelManifest.FromJson(System.Text.Encoding.UTF8.GetBytes(older)).Training.Settings.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_of_other_content_is_refused_with_both_hashes()
    {
        var manifest = Manifests.Of([1, 2, 3]);
        var refused = Should.Throw<ModelRefusedException>(() => ManifestRules.CheckFile(manifest, [1, 2, 4]));

        refused.Message.ShouldContain(manifest.Sha256);
        refused.Message.ShouldContain(ManifestRules.Sha256Of([1, 2, 4]));
    }

    [Fact]
    public void A_model_for_other_rows_is_refused()
    {
        using var narrow = OnnxScorer.Load(Forests.Onnx(Forests.Grow(1, features: 3)));
        using var fitting = OnnxScorer.Load(Forests.Onnx(Forests.Grow(1, features: RowSpec.Count)));
        var manifest = Manifests.Of([1]);

        ManifestRules.CheckRows(manifest, fitting, joint: null);
        Should.Throw<ModelRefusedException>(() => ManifestRules.CheckRows(manifest, narrow, joint: null)).Message.ShouldContain("3 numbers");
        Should.Throw<ModelRefusedException>(() => ManifestRules.CheckRows(manifest with { RowSpec = "r0" }, fitting, joint: null)).Message.ShouldContain("Train a new model");
    }

    [Fact]
    public void Info_for_the_registry_repeats_the_manifest()
    {
        var manifest = Manifests.Of([1, 2, 3]);
        var info = manifest.ToInfo(ModelState.Champion);

        info.State.ShouldBe(ModelState.Champion);
        info.Version.ShouldBe(manifest.Sha256[..16]);
        info.TrainedOn.ShouldBe("generated");
    }

    [Fact]
    public void The_card_says_where_it_comes_from_and_what_it_scores()
    {
        var manifest = Manifests.Of([1, 2, 3]);
        var card = ModelCard.Write(manifest);

        card.ShouldContain($"# Model {manifest.Version}");
        card.ShouldContain("source `generated`");
        card.ShouldContain(manifest.Sha256);
        card.ShouldContain("| 99.0");
        card.ShouldContain("sampleSize 256, trees 100, seed 1");
        card.ShouldContain("maxAbsDiff");
    }

    [Fact]
    public void A_file_of_five_mebibytes_travels_in_three_parts() =>
        ModelStore.PartsOf("00112233445566aa", 5 * 1024 * 1024).ShouldBe(
            ["00112233445566aa.onnx.0", "00112233445566aa.onnx.1", "00112233445566aa.onnx.2"]);
}

static class Manifests
{
    public static TrainingRecord Training { get; } =
        new()
        {
            Source = "generated",
            Rows = 1000,
            Seed = 1,
            Settings = new Dictionary<string, double>(StringComparer.Ordinal) { ["trees"] = 100, ["sampleSize"] = 256 },
            DataHash = "0011223344556677",
        };

    public static ModelManifest Of(byte[] onnx)
    {
        var sha256 = ManifestRules.Sha256Of(onnx);
        var random = new SeededRandom(1);
        var scores = Enumerable.Range(0, 500).Select(_ => (float)(0.4 + (0.1 * random.NextDouble()))).ToArray();
        return new ModelManifest
        {
            Version = ManifestRules.VersionOf(sha256),
            Sha256 = sha256,
            SizeBytes = onnx.Length,
            Parts = ModelStore.PartsOf(ManifestRules.VersionOf(sha256), onnx.Length),
            Kind = "isolation-forest",
            Group = "any",
            FeatureSpec = FeatureSpec.Version,
            RowSpec = RowSpec.Version,
            FeatureNames = RowSpec.Names,
            Training = Training,
            Prior = CalibrationPrior.FromScores(scores),
            Metrics = new Dictionary<string, double>(StringComparer.Ordinal) { ["maxAbsDiff"] = 1.5e-7 },
            CreatedAt = 1_700_000_000_000,
            CodeVersion = "0.1.0",
        };
    }
}
