using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>A model ready to be stored.</summary>
sealed record TrainedModel(ModelManifest Manifest, byte[] Onnx);

/// <summary>All that is said of a new model, in its file and beside it; the same for every kind.</summary>
sealed record ModelDraft
{
    public required string Kind { get; init; }
    public required string Group { get; init; }
    public required string RowSpec { get; init; }
    public required IReadOnlyList<string> FeatureNames { get; init; }
    public required TrainingRecord Training { get; init; }
    public required CalibrationPrior Prior { get; init; }

    /// <summary>Empty: only scores tell of drift.</summary>
    public IReadOnlyList<ReferenceHistogram> Reference { get; init; } = [];

    /// <summary>What a reader of the file alone should know of this kind.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Own { get; init; }

    static string CodeVersion { get; } =
        typeof(ModelDraft).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>For the file. No wall clock, no parent, no code version: what is in the file decides its version.</summary>
    public KeyValuePair<string, string>[] Metadata() =>
    [
        new("schema_version", "1"),
        new("kind", Kind),
        new("feature_spec", FeatureSpec.Version),
        new("row_spec", RowSpec),
        new("feature_names", JsonSerializer.Serialize([.. FeatureNames], RegistryJson.Default.StringArray)),
        new("feature_order_hash", ContentHash.Of(string.Join('\n', FeatureNames))),
        .. Own,
        new("trained_on", Training.Source),
        new("n_rows", Text(Training.Rows)),
        new("train_start", Training.From is { } from ? Text(from) : ""),
        new("train_end", Training.To is { } to ? Text(to) : ""),
        new("data_hash", Training.DataHash ?? ""),
        new("seed", Text(Training.Seed)),
        new("calibration_levels", string.Join(' ', CalibrationPrior.Levels.Select(level => Text(level)))),
        new("calibration_quantiles", string.Join(' ', Prior.Quantiles.Select(quantile => Text(quantile)))),
    ];

    /// <summary>The model with its manifest.</summary>
    /// <param name="onnx">The file, with <see cref="Metadata"/> in it.</param>
    /// <param name="metrics">What was measured of it.</param>
    /// <param name="createdAt">Unix milliseconds.</param>
    /// <param name="parent">The champion of its group.</param>
    public TrainedModel Finish(byte[] onnx, IReadOnlyDictionary<string, double> metrics, long createdAt, string? parent)
    {
        var sha256 = ModelManifest.Sha256Of(onnx);
        var version = ModelManifest.VersionOf(sha256);
        var manifest = new ModelManifest
        {
            Version = version,
            Sha256 = sha256,
            SizeBytes = onnx.Length,
            Parts = ModelStore.PartsOf(version, onnx.Length),
            Kind = Kind,
            Group = Group,
            FeatureSpec = FeatureSpec.Version,
            RowSpec = RowSpec,
            FeatureNames = FeatureNames,
            Training = Training,
            Prior = Prior,
            Reference = Reference,
            Metrics = metrics,
            Parent = parent,
            CreatedAt = createdAt,
            CodeVersion = CodeVersion,
        };
        return new TrainedModel(manifest, onnx);
    }

    static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
