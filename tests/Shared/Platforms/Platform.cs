using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.Testing;

/// <summary>A whole platform in a data folder of its own, started with <c>./forewarn up</c>.</summary>
public sealed class Platform : IAsyncDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    readonly HttpClient _http;

    Platform(Cli launcher, string data, int port, TimeSpan startUp)
    {
        Launcher = launcher;
        Data = data;
        Port = port;
        StartUp = startUp;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(10) };
    }

    public Cli Launcher { get; }
    public string Data { get; }
    public int Port { get; }
    public TimeSpan StartUp { get; }
    public Uri Dashboard => _http.BaseAddress!;
    public Uri Door(int replica = 0) => new($"http://127.0.0.1:{Port + 1 + replica * 10}");

    /// <summary>OTLP/HTTP of the first replica.</summary>
    public Uri Otlp() => new($"http://127.0.0.1:{Port + 3}");

    public static async Task<Platform> StartAsync(
        IReadOnlyList<string>? arguments = null, IReadOnlyDictionary<string, string>? environment = null, string? data = null, string? root = null)
    {
        data ??= Directory.CreateTempSubdirectory("forewarn-system-").FullName;
        var port = FreePorts();
        var watch = Stopwatch.StartNew();
        var launcher = Cli.Start(
            ["up", "--no-browser", "--data", data, "--port", port.ToString(CultureInfo.InvariantCulture), .. arguments ?? []], environment, root);
        var platform = new Platform(launcher, data, port, watch.Elapsed);
        await Eventually.Async("the platform is ready", StartLimit, async () =>
        {
            if (launcher.HasExited)
                throw new InvalidOperationException($"./forewarn up ended with {launcher.ExitCode}:\n{launcher.Output}");
            return launcher.Output.Contains($":{port}", StringComparison.Ordinal) && await platform.TryStatusAsync() is { } status
                && status.Services.All(service => service.Health == "healthy");
        }, () => launcher.Output);
        return new Platform(launcher, data, port, watch.Elapsed);
    }

    public async Task<PlatformStatus?> TryStatusAsync()
    {
        try
        {
            return await _http.GetFromJsonAsync("/api/status", ContractJson.Default.PlatformStatus);
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>The newest hundred, of all entities or of one.</summary>
    public async Task<IReadOnlyList<IncidentEvent>> IncidentsAsync(string? entity = null)
    {
        var page = await _http.GetFromJsonAsync(
            $"/api/incidents?limit=100{(entity is null ? "" : $"&entity={Uri.EscapeDataString(entity)}")}", ContractJson.Default.PageIncidentEvent);
        return page!.Items;
    }

    public async Task<JsonElement> LocalStatusAsync()
    {
        var (_, output) = await Cli.RunAsync(TimeSpan.FromSeconds(30), "status", "--json", "--data", Data);
        return JsonDocument.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..]).RootElement;
    }

    /// <summary>The variables of a service's process: ports, tokens and the database's password are drawn anew for each run, and who uses them knows them.</summary>
    public async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(string service)
    {
        var status = await LocalStatusAsync();
        var pid = status.GetProperty("services").EnumerateArray()
            .First(running => running.GetProperty("name").GetString() == service).GetProperty("pid").GetInt32();
        return (await File.ReadAllTextAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ"))).Split('\0')
            .Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
    }

    public string Logs() => string.Join('\n', Directory.Exists(Path.Combine(Data, "logs"))
        ? Directory.EnumerateFiles(Path.Combine(Data, "logs")).Select(file => $"== {Path.GetFileName(file)}\n{Tail(file)}")
        : []);

    public async ValueTask DisposeAsync()
    {
        await Launcher.DisposeAsync();
        _http.Dispose();
        if (Path.GetFileName(Data).StartsWith("forewarn-system-", StringComparison.Ordinal) && Directory.Exists(Data))
            Directory.Delete(Data, recursive: true);
    }

    static string Tail(string file) => string.Join('\n', File.ReadLines(file).TakeLast(20));

    /// <summary>A port whose neighbours for the doors and the replicas are free too.</summary>
    static int FreePorts()
    {
        for (var port = 7800; port < 9800; port += 40)
        {
            if (new[] { 0, 1, 2, 3, 10, 11, 12, 13 }.All(offset => IsFree(port + offset)))
                return port;
        }
        throw new InvalidOperationException("No free ports between 7800 and 9800.");
    }

    static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
