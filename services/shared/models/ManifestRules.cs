using System.Security.Cryptography;
using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>What must be true of a manifest, and of a model file beside it.</summary>
static class ManifestRules
{
    const int MaxParts = 64;
    const int MaxRowLength = 16384;

    /// <exception cref="ModelRefusedException">What is not true.</exception>
    public static void Check(ModelManifest manifest)
    {
        Require(manifest.V == 1, $"has shape {manifest.V}; this code reads shape 1");
        Require(IsHex(manifest.Sha256, 64), "names no SHA-256");
        Require(manifest.Version == VersionOf(manifest.Sha256), "has a version that is not the beginning of its SHA-256");
        Require(manifest.Parts.Count is > 0 and <= MaxParts, $"names {manifest.Parts.Count} files; 1 to {MaxParts} are read");
        Require(
            manifest.SizeBytes is > 0 and <= ModelInspection.MaxBytes, $"speaks of a file of {manifest.SizeBytes} bytes; 1 to {ModelInspection.MaxBytes} are read");
        foreach (var part in manifest.Parts)
            Require(IsFileName(part), $"names the file '{part}'; letters, digits, dot and dash are allowed");
        Require(manifest.FeatureNames.Count is > 0 and <= MaxRowLength, $"names {manifest.FeatureNames.Count} features");
        Require(Usable(manifest.Prior), "has no usable calibration");
        Require(
            manifest.Reference.Count == 0 || manifest.Reference.Count == manifest.FeatureNames.Count,
            $"has reference distributions of {manifest.Reference.Count} features, but names {manifest.FeatureNames.Count}");
        Require(manifest.Reference.All(Usable), "has a reference distribution whose bins are not ascending or whose shares are none");
    }

    /// <exception cref="ModelRefusedException">The file is not the one the manifest describes.</exception>
    public static void CheckFile(ModelManifest manifest, ReadOnlySpan<byte> onnx)
    {
        var found = Sha256Of(onnx);
        if (found != manifest.Sha256)
            throw new ModelRefusedException($"The file of model {manifest.Version} is damaged or was changed: it has {onnx.Length} bytes and SHA-256 {found}, expected {manifest.SizeBytes} and {manifest.Sha256}.");
    }

    /// <exception cref="ModelRefusedException">The model reads other rows than this code makes.</exception>
    public static void CheckRows(ModelManifest manifest, OnnxScorer scorer, GroupModel? joint)
    {
        if (manifest.FeatureSpec != FeatureSpec.Version || manifest.RowSpec is not (RowSpec.Version or JointRow.Version))
            throw new ModelRefusedException($"Model {manifest.Version} reads features {manifest.FeatureSpec} in rows {manifest.RowSpec}; this code makes {FeatureSpec.Version}, and {RowSpec.Version} or {JointRow.Version}. Train a new model.");
        if ((manifest.RowSpec == JointRow.Version) != (joint is not null))
            throw new ModelRefusedException($"Model {manifest.Version} reads rows {manifest.RowSpec} by its manifest, but its file is {(joint is null ? "no" : "a")} joint model.");
        var width = joint is null ? RowSpec.Count : joint.Metrics * JointRow.Count;
        if (scorer.Inputs != manifest.FeatureNames.Count || scorer.Inputs != width)
            throw new ModelRefusedException($"Model {manifest.Version} reads {scorer.Inputs} numbers per row, its manifest names {manifest.FeatureNames.Count}, rows have {width}.");
        if (joint is not null && !JointFile.FeatureNames(joint.Columns).SequenceEqual(manifest.FeatureNames, StringComparer.Ordinal))
            throw new ModelRefusedException($"Model {manifest.Version} reads the series {string.Join(' ', joint.Columns)}, its manifest names others or in another order.");
    }

    public static string Sha256Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static string VersionOf(string sha256) => sha256[..16];

    public static bool IsVersion(string version) => IsHex(version, 16);

    static bool IsHex(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigitLower);

    static bool IsFileName(string name) =>
        name.Length is > 0 and <= 128 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    static bool Usable(CalibrationPrior prior)
    {
        var quantiles = prior.Quantiles;
        if (quantiles.Length != CalibrationPrior.Levels.Count || !(prior.TailScale > 0) || !double.IsFinite(prior.TailScale) || prior.Count < 1)
            return false;
        for (var i = 0; i < quantiles.Length; i++)
        {
            if (!float.IsFinite(quantiles[i]) || (i > 0 && quantiles[i] < quantiles[i - 1]))
                return false;
        }
        return true;
    }

    static bool Usable(ReferenceHistogram? reference) =>
        reference is { Edges: { Length: < ReferenceHistogram.MaxBins } edges, Shares: { } shares }
        && shares.Length == edges.Length + 1
        && Array.TrueForAll(edges, float.IsFinite)
        && edges.Zip(edges.Skip(1)).All(pair => pair.First < pair.Second)
        && Array.TrueForAll(shares, share => share is >= 0 and <= 1)
        && Math.Abs(shares.Sum() - 1) < 1e-3;

    static void Require(bool fulfilled, string otherwise)
    {
        if (!fulfilled)
            throw new ModelRefusedException($"The model's manifest {otherwise}.");
    }
}
