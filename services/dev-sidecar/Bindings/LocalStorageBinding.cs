using System.Text;
using System.Text.Json;
using DevSidecar.Components;

namespace DevSidecar.Bindings;

/// <summary><c>bindings.localstorage</c>: files under one folder. <c>create</c> unquotes and then base64-decodes its data where that works, as Dapr does.</summary>
sealed class LocalStorageBinding : IOutputBinding
{
    static readonly string[] Denied = ["/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/run", "/sbin", "/sys", "/usr"];

    static readonly System.Buffers.SearchValues<byte> Base64 =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    readonly string _root;

    public LocalStorageBinding(ComponentMetadata metadata)
    {
        _root = Path.GetFullPath(metadata.Required("rootPath"));
        if (Array.Exists(Denied, d => _root == d || _root.StartsWith(d + "/", StringComparison.Ordinal)) || _root == Path.GetPathRoot(_root))
        {
            throw metadata.Error("rootPath", $"'{_root}' is a system directory; choose another folder");
        }

        try
        {
            Directory.CreateDirectory(_root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw metadata.Error("rootPath", $"cannot be created: {e.Message}");
        }
    }

    public IReadOnlyList<string> Operations { get; } = ["create", "get", "list", "delete"];

    public async Task<BindingAnswer> InvokeAsync(BindingCall call, CancellationToken cancellationToken)
    {
        try
        {
            return call.Operation switch
            {
                "create" => await CreateAsync(call, cancellationToken),
                "get" => new(await File.ReadAllBytesAsync(FileOf(call), cancellationToken), BindingAnswer.Empty.Metadata),
                "list" => List(call),
                _ => Delete(call),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BindingException(e is FileNotFoundException or DirectoryNotFoundException
                ? $"file not found: {call.Metadata.GetValueOrDefault("fileName")}"
                : $"localstorage {call.Operation} failed: {e.Message}", e);
        }
    }

    async Task<BindingAnswer> CreateAsync(BindingCall call, CancellationToken cancellationToken)
    {
        var data = Decode(call.Data);
        var name = call.Metadata.GetValueOrDefault("fileName") is { Length: > 0 } given ? given : Guid.NewGuid().ToString();
        var file = FileOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, data, cancellationToken);
        return new(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>(StringComparer.Ordinal) { ["fileName"] = file }), BindingAnswer.Empty.Metadata);
    }

    BindingAnswer List(BindingCall call)
    {
        var target = call.Metadata.GetValueOrDefault("fileName") is { Length: > 0 } name ? FileOf(name) : _root;
        if (File.Exists(target))
        {
            throw new BindingException($"{Path.GetRelativePath(_root, target)} is a file; list wants a folder");
        }

        string[] files = Directory.Exists(target) ? [.. Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];
        return new(JsonSerializer.SerializeToUtf8Bytes(files), BindingAnswer.Empty.Metadata);
    }

    BindingAnswer Delete(BindingCall call)
    {
        var file = FileOf(call);
        if (!File.Exists(file))
        {
            throw new FileNotFoundException();
        }

        File.Delete(file);
        return BindingAnswer.Empty;
    }

    string FileOf(BindingCall call) => FileOf(call.Metadata.GetValueOrDefault("fileName") is { Length: > 0 } name
        ? name
        : throw new BindingException("metadata fileName is required"));

    string FileOf(string name)
    {
        var file = Path.GetFullPath(Path.Combine(_root, name.TrimStart('/')));
        // Names as returned by create and list are absolute: they are accepted as long as they lie inside.
        var absolute = Path.GetFullPath(name, _root);
        var inside = absolute.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? absolute : file;
        return inside.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? inside
            : throw new BindingException($"'{name}' leads out of the binding's folder");
    }

    static byte[] Decode(ReadOnlyMemory<byte> data)
    {
        var text = Encoding.UTF8.GetString(data.Span);
        var unquoted = GoString.Unquote(text);
        var bytes = unquoted is null ? data.ToArray() : Encoding.UTF8.GetBytes(unquoted);
        var buffer = new byte[bytes.Length];
        return IsBase64(bytes) && Convert.TryFromBase64Chars(Encoding.ASCII.GetChars(bytes), buffer, out var written) ? buffer[..written] : bytes;
    }

    static bool IsBase64(byte[] bytes) => bytes.Length % 4 == 0 && !bytes.AsSpan().ContainsAnyExcept(Base64);
}
