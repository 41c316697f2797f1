using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>
/// All that is known about a model version; lies as JSON beside the model file. What is in it and how to write one by hand
/// stands in <c>model-store/README.md</c>.
/// </summary>
public sealed record ModelManifest
{
    /// <summary>Version of this description's shape.</summary>
    public int V { get; init; } = 1;

    /// <summary>Content address: the first 16 hex digits of <see cref="Sha256"/>.</summary>
    public required string Version { get; init; }

    /// <summary>SHA-256 of the whole ONNX file, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    public required long SizeBytes { get; init; }

    /// <summary>Files of the store that make up the ONNX file, in order.</summary>
    public required IReadOnlyList<string> Parts { get; init; }

    /// <summary>What it is: <c>isolation-forest</c>, <c>autoencoder</c>; any name does, a predictor looks at the file.</summary>
    public required string Kind { get; init; }

    /// <summary>Whom it serves: <c>any</c>, or a schema hash.</summary>
    public required string Group { get; init; }

    /// <summary>Version of the per-series features its rows are made of.</summary>
    public required string FeatureSpec { get; init; }

    /// <summary>Version of the pooling that makes a row of them.</summary>
    public required string RowSpec { get; init; }

    /// <summary>Names of the row's entries, in order.</summary>
    public required IReadOnlyList<string> FeatureNames { get; init; }

    public required TrainingRecord Training { get; init; }

    /// <summary>Distribution of scores on rows that the scoring model was not trained on.</summary>
    public required CalibrationPrior Prior { get; init; }

    /// <summary>
    /// How each entry of the rows was distributed that it learned from; empty in manifests written before there was one
    /// or by hand: then only scores tell of drift.
    /// </summary>
    public IReadOnlyList<ReferenceHistogram> Reference
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Measured when it was made; <c>maxAbsDiff</c> is the largest difference between the ONNX file and the model in C#.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>The champion when it was made.</summary>
    public string? Parent { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Version of the code that made it.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>What the registry keeps and announces.</summary>
    public ModelInfo ToInfo(ModelState state) => new()
    {
        Version = Version,
        State = state,
        Kind = Kind,
        Group = Group,
        FeatureSpec = FeatureSpec,
        RowSpec = RowSpec,
        Sha256 = Sha256,
        SizeBytes = SizeBytes,
        CreatedAt = CreatedAt,
        TrainedOn = Training.Source,
        Rows = Training.Rows,
        Entities = Training.Entities,
        TrainedTo = Training.To,
        Parent = Parent,
    };

    /// <summary>Of a whole ONNX file, lower-case hex.</summary>
    public static string Sha256Of(ReadOnlySpan<byte> onnx) => ManifestRules.Sha256Of(onnx);

    /// <summary>The content address that belongs to a SHA-256.</summary>
    public static string VersionOf(string sha256) => ManifestRules.VersionOf(sha256);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.ModelManifest);

    /// <exception cref="ModelRefusedException">Not a manifest, or one that contradicts itself.</exception>
    public static ModelManifest FromJson(ReadOnlySpan<byte> json)
    {
        ModelManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(json, ManifestJson.Default.ModelManifest);
        }
        catch (JsonException unreadable)
        {
            throw new ModelRefusedException($"The model's manifest cannot be read: {unreadable.Message}", unreadable);
        }
        ManifestRules.Check(manifest ?? throw new ModelRefusedException("The model's manifest is empty."));
        return manifest;
    }
}

/// <summary>From what and how a model was made.</summary>
public sealed record TrainingRecord
{
    /// <summary><c>generated</c>, <c>history</c>, <c>history+generated</c>; <c>foreign</c> for a model made elsewhere.</summary>
    public required string Source { get; init; }

    /// <summary>Rows in all.</summary>
    public required int Rows { get; init; }

    /// <summary>Of <see cref="Rows"/>, those that were measured rather than generated.</summary>
    public int HistoryRows { get; init; }

    /// <summary>Entities whose history was read.</summary>
    public int Entities { get; init; }

    /// <summary>Event time of the first row, unix milliseconds; null for generated rows.</summary>
    public long? From { get; init; }

    /// <summary>Event time of the last row, unix milliseconds; null for generated rows.</summary>
    public long? To { get; init; }

    public long Seed { get; init; }

    /// <summary>What its kind is trained with: <c>trees</c> and <c>sampleSize</c> of a forest, widths and epochs of an autoencoder.</summary>
    public IReadOnlyDictionary<string, double> Settings
    {
        get;
        // What is not in the JSON is set to null all the same: manifests written before there were settings have none.
        init => field = value ?? ReadOnlyDictionary<string, double>.Empty;
    } = ReadOnlyDictionary<string, double>.Empty;

    /// <summary>First 16 hex digits of SHA-256 over all rows: the same data and seed give the same model.</summary>
    public string? DataHash { get; init; }

    /// <summary>What people said that it learned; null when nobody had said anything.</summary>
    public FeedbackRecord? Feedback { get; init; }
}

/// <summary>What a training learned from people.</summary>
/// <param name="FalseAlarms">Rows that raised a false alarm and were taught as normal.</param>
/// <param name="RowsEach">How often each of them is among the rows.</param>
/// <param name="Useful">Incidents called useful: they gave no rows, and a challenger has to find them.</param>
/// <param name="Missed">Times called missed: they gave no rows, and a challenger has to find them.</param>
public sealed record FeedbackRecord(int FalseAlarms, int RowsEach, int Useful, int Missed);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelManifest))]
sealed partial class ManifestJson : JsonSerializerContext;
