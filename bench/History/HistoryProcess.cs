using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Dapr.Client;
using DevSidecar;
using Forewarn.Bench.Rig;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Testing;

namespace Forewarn.Bench.History;

/// <summary>The built service <c>history</c> as a process of its own, with a sidecar that knows the schemas; the bench delivers in the sidecar's place.</summary>
sealed class HistoryProcess : IAsyncDisposable
{
    readonly SidecarRig _rig;
    readonly Process _process;

    HistoryProcess(SidecarRig rig, Process process, Uri address) =>
        (_rig, _process, Http) = (rig, process, new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) });

    public HttpClient Http { get; }

    public static async Task<HistoryProcess> StartAsync(BenchDatabase database, SeriesSchema schema)
    {
        var rig = await SidecarRig.StartAsync();
        var port = FreePorts.Next();
        var sidecar = await rig.AddProcessAsync(Apps.History, port);
        using (var dapr = new DaprClientBuilder()
            .UseGrpcEndpoint(Local(sidecar.GrpcPort)).UseHttpEndpoint(Local(sidecar.HttpPort)).Build())
        {
            await new SchemaRegistry(dapr).PublishAsync(schema, CancellationToken.None);
        }
        var start = new ProcessStartInfo(Program());
        foreach (var (name, value) in new (string, string)[]
        {
            ("APP_PORT", Text(port)), ("DAPR_HTTP_PORT", Text(sidecar.HttpPort)), ("DAPR_GRPC_PORT", Text(sidecar.GrpcPort)),
            ("ConnectionStrings__Forewarn", database.ConnectionString), ("SelfMetrics__Enabled", "false"), ("Logging__LogLevel__Default", "Warning"),
        })
        {
            start.Environment[name] = value;
        }
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        var history = new HistoryProcess(rig, process, new Uri(Local(port)));
        await Eventually.Async("history is ready", TimeSpan.FromSeconds(60), history.IsReadyAsync);
        return history;
    }

    /// <summary>CPU seconds since its start.</summary>
    public double CpuSeconds() => ProcessTree.Read(_process.Id).CpuSeconds;

    public long ResidentBytes() => ProcessTree.Read(_process.Id).ResidentBytes;

    /// <exception cref="InvalidOperationException">It was not stored.</exception>
    public async Task DeliverAsync(string topic, byte[] delivery)
    {
        using var body = new ByteArrayContent(delivery);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await Http.PostAsync($"/subscriptions/{Components.Telemetry}/{topic}", body);
        var answer = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode || answer.Contains("RETRY", StringComparison.Ordinal))
            throw new InvalidOperationException($"history did not store a delivery of {topic}: {(int)response.StatusCode} {answer[..Math.Min(200, answer.Length)]}");
    }

    public async ValueTask DisposeAsync()
    {
        Signals.Send(_process.Id, Signals.Terminate);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Http.Dispose();
        await _rig.DisposeAsync();
    }

    async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await Http.GetAsync("/healthz/ready");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Built beside this program, in the same configuration.</summary>
    static string Program()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "History", own.Name, OperatingSystem.IsWindows() ? "Forewarn.History.exe" : "Forewarn.History");
    }

    static string Local(int port) => $"http://127.0.0.1:{Text(port)}";

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
