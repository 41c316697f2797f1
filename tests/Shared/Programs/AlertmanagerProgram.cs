using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using DevSidecar;

namespace Forewarn.Testing;

/// <summary>Debian's Alertmanager, in a root of its own that goes with it.</summary>
public sealed class AlertmanagerProgram : IAsyncDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    readonly string _folder;
    RunningProgram _process;

    AlertmanagerProgram(string folder, int port)
    {
        _folder = folder;
        Port = port;
        Http = new HttpClient { BaseAddress = new Uri(Url) };
        _process = Start();
    }

    public int Port { get; }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    public HttpClient Http { get; }

    /// <summary>What it wrote so far.</summary>
    public string Said => _process.Said;

    /// <param name="configuration">YAML.</param>
    /// <returns>Null where there is none.</returns>
    public static async Task<AlertmanagerProgram?> TryStartAsync(string configuration)
    {
        if (await DebianProgram.FindAsync("prometheus-alertmanager") is not { } program || !File.Exists("/usr/bin/unshare"))
            return null;
        var folder = RootFor(program);
        await File.WriteAllTextAsync(Path.Combine(folder, "alertmanager.yml"), configuration);
        var running = new AlertmanagerProgram(folder, FreePorts.Next());
        await running.UntilReadyAsync();
        return running;
    }

    public async Task<string> VersionAsync() => (await Http.GetFromJsonAsync<JsonElement>("/api/v2/status")).GetProperty("versionInfo").GetProperty("version").GetString()!;

    /// <summary>The alerts that fire, silenced and inhibited ones too.</summary>
    public async Task<IReadOnlyList<JsonElement>> AlertsAsync() => [.. (await Http.GetFromJsonAsync<JsonElement>("/api/v2/alerts")).EnumerateArray()];

    /// <summary>Another configuration, without a restart.</summary>
    /// <param name="configuration">YAML.</param>
    public async Task ConfigureAsync(string configuration)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "alertmanager.yml"), configuration);
        using var response = await Http.PostAsync("/-/reload", content: null);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Ends it as hard as one can, and starts it again: what it had in memory is gone.</summary>
    public async Task RestartAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(Path.Combine(_folder, "data"), recursive: true);
        Directory.CreateDirectory(Path.Combine(_folder, "data"));
        _process = Start();
        await UntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    RunningProgram Start()
    {
        string[] arguments =
        [
            "--map-root-user", $"--root={_folder}", "/usr/bin/prometheus-alertmanager", "--config.file=/alertmanager.yml", "--storage.path=/data",
            string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{Port}"), "--cluster.listen-address=",
        ];
        return RunningProgram.Start("/usr/bin/unshare", arguments, _folder);
    }

    Task UntilReadyAsync() => Eventually.Async("Alertmanager answers", _patience, async () =>
    {
        try
        {
            return (await Http.GetAsync("/-/ready")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });

    /// <summary>It opens its templates by an absolute path, so it gets a root of its own: the package and the two libraries it asks for.</summary>
    static string RootFor(string program)
    {
        var folder = Directory.CreateTempSubdirectory("forewarn-alertmanager-").FullName;
        var package = Path.GetFullPath(Path.Combine(program, "..", "..", ".."));
        string[] files =
        [
            program, .. Directory.GetFiles(Path.Combine(package, "usr/share/prometheus/alertmanager"), "*.tmpl"), "/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2",
        ];
        foreach (var file in files.Where(File.Exists))
        {
            var copy = Path.Combine(folder, (file.StartsWith(package, StringComparison.Ordinal) ? Path.GetRelativePath(package, file) : file).TrimStart('/'));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        return folder;
    }
}
