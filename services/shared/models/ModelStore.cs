using System.Text;
using Dapr.Client;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>A model ready to score, and what is known about it. Dispose it when the next one has taken over.</summary>
public sealed record LoadedModel(ModelManifest Manifest, OnnxScorer Scorer) : IDisposable
{
    public string Version => Manifest.Version;

    /// <summary>What goes on learning in it; null = nothing does.</summary>
    public OnlineModel? Online { get; init; }

    /// <summary>What it says about the metrics of a group that it judges together; null = it is no joint model.</summary>
    public GroupModel? Joint { get; init; }

    public void Dispose() => Scorer.Dispose();
}

/// <summary>
/// Model files behind the Dapr binding <c>model-store</c>: <c>VERSION.json</c> (manifest), <c>VERSION.md</c> (card) and
/// the ONNX file in parts small enough for a sidecar's message limit. What was fetched is kept in a directory on disk
/// and checked by SHA-256 each time it is read.
/// </summary>
/// <param name="dapr">Client of the sidecar.</param>
/// <param name="cacheDirectory">Where fetched ONNX files are kept; created when missing.</param>
public sealed class ModelStore(DaprClient dapr, string cacheDirectory)
{
    /// <summary>Dapr takes 4 MiB in one message; base64 makes a third more of it.</summary>
    public const int PartBytes = 2 * 1024 * 1024;

    /// <summary>
    /// What the bindings that can hold files call a file's name: <c>bindings.localstorage</c>, <c>bindings.aws.s3</c> and
    /// <c>bindings.gcp.bucket</c>, <c>bindings.azure.blobstorage</c>. Each passes over those of the others.
    /// </summary>
    static readonly string[] FileNames = ["fileName", "key", "blobName"];

    readonly ModelCache _cache = new(cacheDirectory);

    /// <summary>A directory for the cache of a process that was given none.</summary>
    public static string DefaultCacheDirectory => Path.Combine(Path.GetTempPath(), "forewarn-models");

    /// <summary>
    /// Writes parts, card and, last, the manifest: a version without a manifest does not exist. Writing the same version
    /// again changes nothing that matters.
    /// </summary>
    /// <exception cref="ModelRefusedException">Manifest and file do not belong together.</exception>
    /// <exception cref="Dapr.DaprException">The store did not take a file.</exception>
    public async Task SaveAsync(ModelManifest manifest, ReadOnlyMemory<byte> onnx, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ManifestRules.Check(manifest);
        ManifestRules.CheckFile(manifest, onnx.Span);
        if (!manifest.Parts.SequenceEqual(PartsOf(manifest.Version, onnx.Length), StringComparer.Ordinal))
            throw new ModelRefusedException($"The manifest of model {manifest.Version} names other parts than its file of {onnx.Length} bytes is cut into.");
        for (var i = 0; i < manifest.Parts.Count; i++)
        {
            var start = i * PartBytes;
            var part = onnx.Slice(start, Math.Min(PartBytes, onnx.Length - start));
            await PutAsync(manifest.Parts[i], part, cancellationToken);
        }
        await PutAsync($"{manifest.Version}.md", Encoding.UTF8.GetBytes(ModelCard.Write(manifest)), cancellationToken);
        await PutAsync(ManifestFile(manifest.Version), manifest.ToJson(), cancellationToken);
    }

    /// <summary>Names of the parts that <see cref="SaveAsync"/> cuts a file of this size into.</summary>
    public static IReadOnlyList<string> PartsOf(string version, long sizeBytes)
    {
        var count = Math.Max(1, (int)((sizeBytes + PartBytes - 1) / PartBytes));
        return [.. Enumerable.Range(0, count).Select(i => $"{version}.onnx.{i}")];
    }

    /// <summary>Reads, verifies, loads and tries a registered model.</summary>
    /// <exception cref="ModelRefusedException">It is not what the registry says, or cannot be used by this code.</exception>
    /// <exception cref="Dapr.DaprException">The store does not answer, or has no such file.</exception>
    public Task<LoadedModel> FetchAsync(ModelInfo model, CancellationToken cancellationToken) => LoadAsync(model, mayBeCached: true, cancellationToken);

    /// <summary>
    /// Finds out whether others can use a registered model: as <see cref="FetchAsync"/>, from the store itself, whatever
    /// this process has cached.
    /// </summary>
    /// <exception cref="ModelRefusedException">It is not what the registry says, or cannot be used by this code.</exception>
    /// <exception cref="Dapr.DaprException">The store does not answer, or has no such file.</exception>
    public async Task VerifyAsync(ModelInfo model, CancellationToken cancellationToken) =>
        (await LoadAsync(model, mayBeCached: false, cancellationToken)).Dispose();

    /// <summary>Reads what is known about a registered model, without its file.</summary>
    /// <exception cref="ModelRefusedException">It is not what the registry says.</exception>
    /// <exception cref="Dapr.DaprException">The store does not answer, or has no such file.</exception>
    public async Task<ModelManifest> ReadManifestAsync(ModelInfo model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!ManifestRules.IsVersion(model.Version))
            throw new ModelRefusedException($"'{model.Version}' is no model version; a version has 16 hex digits.");
        var manifest = ModelManifest.FromJson((await GetAsync(ManifestFile(model.Version), cancellationToken)).Span);
        return manifest.Version == model.Version && manifest.Sha256 == model.Sha256
            ? manifest
            : throw new ModelRefusedException($"The manifest of model {model.Version} describes {manifest.Version} with SHA-256 {manifest.Sha256}; the registry expects {model.Sha256}.");
    }

    async Task<LoadedModel> LoadAsync(ModelInfo model, bool mayBeCached, CancellationToken cancellationToken)
    {
        var manifest = await ReadManifestAsync(model, cancellationToken);
        var onnx = await OnnxOfAsync(manifest, mayBeCached, cancellationToken);
        var scorer = OnnxScorer.Load(onnx);
        try
        {
            var joint = GroupModel.Of(manifest.Version, scorer, manifest.Prior);
            ManifestRules.CheckRows(manifest, scorer, joint);
            return new LoadedModel(manifest, scorer) { Online = OnlineModel.Of(scorer), Joint = joint };
        }
        catch (ModelRefusedException)
        {
            scorer.Dispose();
            throw;
        }
    }

    async Task<byte[]> OnnxOfAsync(ModelManifest manifest, bool mayBeCached, CancellationToken cancellationToken)
    {
        if (mayBeCached && await _cache.ReadAsync(manifest, cancellationToken) is { } cached)
            return cached;
        using var file = new MemoryStream();
        foreach (var part in manifest.Parts)
        {
            await file.WriteAsync(await GetAsync(part, cancellationToken), cancellationToken);
            // Parts are what somebody put there: the claim bounds what is read of them.
            if (file.Length > manifest.SizeBytes)
                throw new ModelRefusedException($"The file of model {manifest.Version} is damaged or was changed: it has more than the {manifest.SizeBytes} bytes of its manifest.");
        }
        var onnx = file.ToArray();
        ManifestRules.CheckFile(manifest, onnx);
        await _cache.WriteAsync(manifest, onnx, cancellationToken);
        return onnx;
    }

    // The binding decodes what looks like base64: always sending base64 makes that certain instead of accidental.
    async Task PutAsync(string fileName, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var request = RequestFor("create", fileName);
        request.Data = Encoding.ASCII.GetBytes(Convert.ToBase64String(content.Span));
        await dapr.InvokeBindingAsync(request, cancellationToken);
    }

    async Task<ReadOnlyMemory<byte>> GetAsync(string fileName, CancellationToken cancellationToken) =>
        (await dapr.InvokeBindingAsync(RequestFor("get", fileName), cancellationToken)).Data;

    static BindingRequest RequestFor(string operation, string fileName)
    {
        var request = new BindingRequest(Components.ModelStore, operation);
        foreach (var name in FileNames)
            request.Metadata.Add(name, fileName);
        return request;
    }

    static string ManifestFile(string version) => $"{version}.json";
}
