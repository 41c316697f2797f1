namespace Forewarn.Models;

/// <summary>ONNX files on the local disk by version. Nothing in it is believed without its SHA-256.</summary>
sealed class ModelCache(string directory)
{
    /// <summary>The file, or null when it is not there, damaged or unreadable: then it is fetched again.</summary>
    public async Task<byte[]?> ReadAsync(ModelManifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileInfo(FileOf(manifest));
            if (!file.Exists || file.Length != manifest.SizeBytes)
                return null;
            var bytes = await File.ReadAllBytesAsync(file.FullName, cancellationToken);
            return ManifestRules.Sha256Of(bytes) == manifest.Sha256 ? bytes : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whole or not at all: another process may read at any moment. A cache that cannot be written only costs time.</summary>
    public async Task WriteAsync(ModelManifest manifest, byte[] onnx, CancellationToken cancellationToken)
    {
        var unfinished = $"{FileOf(manifest)}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(directory);
            await File.WriteAllBytesAsync(unfinished, onnx, cancellationToken);
            File.Move(unfinished, FileOf(manifest), overwrite: true);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(unfinished))
                File.Delete(unfinished);
        }
    }

    string FileOf(ModelManifest manifest) => Path.Combine(directory, $"{manifest.Version}.onnx");
}
