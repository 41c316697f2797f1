using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DevSidecar;
using Forewarn.Testing;

namespace Forewarn.Gateway.Tests;

/// <summary>Debian's Prometheus, scraping once a second what a configuration names; its folder goes with it.</summary>
sealed class RealPrometheus : IAsyncDisposable
{
    readonly Process _process;
    readonly string _folder;
    readonly HttpClient _http;
    readonly StringBuilder _said = new();

    RealPrometheus(Process process, string folder, int port)
    {
        (_process, _folder) = (process, folder);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>Starts it; a machine without the package skips the test.</summary>
    /// <param name="scrapeConfigs">The list below <c>scrape_configs</c>.</param>
    public static async Task<RealPrometheus> StartAsync(string scrapeConfigs)
    {
        var program = await DebianProgram.FindAsync("prometheus");
        Assert.SkipWhen(program is null, "There is no prometheus here, and no apt to bring it.");
        var folder = Directory.CreateTempSubdirectory("forewarn-prometheus-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), $"global: {{scrape_interval: 1s}}\nscrape_configs:\n{scrapeConfigs}", TestContext.Current.CancellationToken);
        var port = FreePorts.Next();
        var start = new ProcessStartInfo(program, ["--config.file=prometheus.yml", "--storage.tsdb.path=data", string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}")])
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var running = new RealPrometheus(new Process { StartInfo = start }, folder, port);
        running._process.ErrorDataReceived += (_, line) => running.Take(line.Data);
        running._process.OutputDataReceived += (_, line) => running.Take(line.Data);
        running._process.Start();
        running._process.BeginErrorReadLine();
        running._process.BeginOutputReadLine();
        return running;
    }

    /// <summary>What it wrote so far.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <summary>The labels and values that an expression has now; none while it is starting.</summary>
    public async Task<IReadOnlyList<ScrapedSample>> QueryAsync(string expression)
    {
        try
        {
            var answer = await _http.GetFromJsonAsync<JsonElement>($"/api/v1/query?query={Uri.EscapeDataString(expression)}", TestContext.Current.CancellationToken);
            return [.. answer.GetProperty("data").GetProperty("result").EnumerateArray().Select(SampleOf)];
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }

    /// <summary>Waits until an expression has as many results as a condition wants.</summary>
    public async Task<IReadOnlyList<ScrapedSample>> UntilAsync(string expression, Func<IReadOnlyList<ScrapedSample>, bool> condition)
    {
        IReadOnlyList<ScrapedSample> seen = [];
        await Eventually.Async(expression, TimeSpan.FromSeconds(60), async () => condition(seen = await QueryAsync(expression)), () => Said);
        return seen;
    }

    /// <summary>What its target's newest scrape failed with; empty when it did not.</summary>
    public async Task<string> LastErrorAsync()
    {
        var answer = await _http.GetFromJsonAsync<JsonElement>("/api/v1/targets", TestContext.Current.CancellationToken);
        return answer.GetProperty("data").GetProperty("activeTargets")[0].GetProperty("lastError").GetString() ?? "";
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    static ScrapedSample SampleOf(JsonElement result) => new(
        "", result.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!, StringComparer.Ordinal),
        double.Parse(result.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture));

    void Take(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
    }
}
