using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using DevSidecar;

namespace Forewarn.Testing;

/// <summary>An element of an instant vector.</summary>
public sealed record PrometheusSample(IReadOnlyDictionary<string, string> Labels, double Value)
{
    public string this[string label] => Labels[label];
}

/// <summary>Debian's Prometheus on loopback with a configuration of the test's; its folder goes with it.</summary>
public sealed class RealPrometheus : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly RunningProgram _process;
    readonly string _folder;
    readonly HttpClient _http;

    RealPrometheus(RunningProgram process, string folder, int port)
    {
        (_process, _folder) = (process, folder);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}") };
    }

    /// <summary>Starts it, scraping and evaluating once a second; null on a machine without it and without apt.</summary>
    /// <param name="scrapeConfigs">The list below <c>scrape_configs</c>.</param>
    /// <param name="rules">Rule files, by their whole paths.</param>
    public static async Task<RealPrometheus?> StartAsync(string scrapeConfigs, params IReadOnlyList<string> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (await DebianProgram.FindAsync("prometheus") is not { } program)
            return null;
        var folder = Directory.CreateTempSubdirectory("forewarn-prometheus-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), $"""
            global: {"{scrape_interval: 1s, evaluation_interval: 1s}"}
            rule_files: [{string.Join(", ", rules.Select(rule => $"'{rule}'"))}]
            scrape_configs:
            {scrapeConfigs}
            """);
        var port = FreePorts.Next();
        string[] arguments = ["--config.file=prometheus.yml", "--storage.tsdb.path=data", string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}")];
        return new RealPrometheus(RunningProgram.Start(program, arguments, folder), folder, port);
    }

    /// <summary>What it wrote so far.</summary>
    public string Said => _process.Said;

    /// <summary>What an expression has now; none while Prometheus is starting.</summary>
    /// <exception cref="InvalidOperationException">It is no expression, with Prometheus' own words.</exception>
    public async Task<IReadOnlyList<PrometheusSample>> QueryAsync(string expression)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(expression)}", UriKind.Relative));
            var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
            if (json.GetProperty("status").GetString() != "success")
                throw new InvalidOperationException($"{expression}: {json.GetProperty("error").GetString()}");
            return [.. json.GetProperty("data").GetProperty("result").EnumerateArray().Select(SampleOf)];
        }
        catch (Exception starting) when (starting is HttpRequestException or JsonException)
        {
            return [];
        }
    }

    /// <summary>Waits until an expression has as many results as a condition wants.</summary>
    public async Task<IReadOnlyList<PrometheusSample>> UntilAsync(string expression, Func<IReadOnlyList<PrometheusSample>, bool> condition)
    {
        IReadOnlyList<PrometheusSample> seen = [];
        await Eventually.Async(expression, Patience, async () => condition(seen = await QueryAsync(expression)), () => Said);
        return seen;
    }

    /// <summary>What its target's newest scrape failed with; empty when it did not.</summary>
    public async Task<string> LastErrorAsync()
    {
        var answer = await _http.GetFromJsonAsync<JsonElement>("/api/v1/targets");
        return answer.GetProperty("data").GetProperty("activeTargets")[0].GetProperty("lastError").GetString() ?? "";
    }

    /// <summary>Each rule's name, <c>health</c> (<c>unknown</c> until it was evaluated) and what went wrong.</summary>
    public async Task<IReadOnlyList<(string Name, string Health, string Error)>> RulesAsync()
    {
        var answer = await _http.GetFromJsonAsync<JsonElement>("/api/v1/rules");
        return
        [
            .. answer.GetProperty("data").GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())
                .Select(rule => (rule.GetProperty("name").GetString()!, rule.GetProperty("health").GetString()!,
                    rule.TryGetProperty("lastError", out var error) ? error.GetString() ?? "" : "")),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    static PrometheusSample SampleOf(JsonElement result) => new(
        result.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!, StringComparer.Ordinal),
        double.Parse(result.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture));
}
