using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using DevSidecar;
using Forewarn.Testing;

namespace Forewarn.Bench.Alert;

/// <summary>Debian's Alertmanager, set to tell the same webhook as soon as it can.</summary>
sealed class AlertmanagerPeer : IAsyncDisposable
{
    readonly Process _process;
    readonly HttpClient _http;
    readonly string _folder;

    AlertmanagerPeer(Process process, HttpClient http, string folder, string version)
    {
        _process = process;
        _http = http;
        _folder = folder;
        Version = version;
    }

    public string Version { get; }

    /// <returns>Null where there is none.</returns>
    public static async Task<AlertmanagerPeer?> TryStartAsync(Uri webhook)
    {
        if (await DebianProgram.FindAsync("prometheus-alertmanager") is not { } program || !File.Exists("/usr/bin/unshare"))
            return null;
        var folder = RootFor(program);
        await File.WriteAllTextAsync(Path.Combine(folder, "alertmanager.yml"), $"""
            route:
              receiver: hook
              group_by: ['...']
              group_wait: 0s
            receivers:
            - name: hook
              webhook_configs:
              - url: {webhook}
            """);
        var port = FreePorts.Next();
        string[] arguments =
        [
            "--map-root-user", $"--root={folder}", "/usr/bin/prometheus-alertmanager", "--config.file=/alertmanager.yml", "--storage.path=/data",
            string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}"), "--cluster.listen-address=",
        ];
        var start = new ProcessStartInfo("/usr/bin/unshare", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await Eventually.Async("Alertmanager answers", TimeSpan.FromSeconds(30), async () =>
        {
            try
            {
                return (await http.GetAsync("/-/ready")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        using var status = JsonDocument.Parse(await http.GetStringAsync("/api/v2/status"));
        var version = status.RootElement.GetProperty("versionInfo").GetProperty("version").GetString()!;
        return new AlertmanagerPeer(process, http, folder, version);
    }

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

    public async Task PostAsync(string name)
    {
        using var response = await _http.PostAsJsonAsync("/api/v2/alerts", new[] { new { labels = new { alertname = name } } });
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
