using System.Diagnostics;
using System.Globalization;
using DevSidecar;
using Forewarn.Bench.Rig;
using Forewarn.Contracts;
using Forewarn.Testing;

namespace Forewarn.Bench.Ingest;

/// <summary>
/// Remote write from a sender through the built service as a process of its own and its sidecar into the durable log of the embedded broker. Sender and sidecar run
/// in this process, on the same cores.
/// </summary>
static class EndToEnd
{
    const int Instances = 20;
    const int Scrapes = 150;
    const int WarmUp = 20;
    const int Senders = 4;
    const long StepMs = 1000;

    const string Components = """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: telemetry }
        spec:
          type: pubsub.kafka
          version: v1
          metadata:
          - { name: brokers, value: "" }
          - { name: authType, value: none }
        ---
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: schemas }
        spec: { type: state.in-memory, version: v1, metadata: [{ name: keyPrefix, value: name }] }
        """;

    public static async Task<EndToEndResult> MeasureAsync()
    {
        var load = File.Exists("/proc/loadavg") ? (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0] : "unknown";
        var requests = Requests();
        var folder = Directory.CreateTempSubdirectory("forewarn-bench-ingest-").FullName;
        var resources = Directory.CreateDirectory(Path.Combine(folder, "components")).FullName;
        await File.WriteAllTextAsync(Path.Combine(resources, "components.yaml"), Components);
        await using var runtime = await SidecarRuntime.StartAsync(new SidecarRuntimeOptions
        {
            ResourcesPaths = [resources],
            DataDirectory = Path.Combine(folder, "data"),
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        });
        var (appPort, doorPort) = (FreePorts.Next(), FreePorts.Next());
        var sidecar = await runtime.AddAppAsync(new AppRegistration { AppId = Apps.Ingestion, AppPort = appPort });
        using var process = Start(appPort, doorPort, sidecar);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Text(doorPort)}") };
        try
        {
            await Eventually.Async("ingestion takes a write", TimeSpan.FromSeconds(60), () => IsTakenAsync(http, requests[0][0]));
            await SendAsync(http, requests, 0, WarmUp);
            var (before, watch) = (ProcessTree.Read(process.Id).CpuSeconds, Stopwatch.StartNew());
            var (taken, refused) = await SendAsync(http, requests, WarmUp, Scrapes);
            var seconds = watch.Elapsed.TotalSeconds;
            return new EndToEndResult(taken / seconds, (ProcessTree.Read(process.Id).CpuSeconds - before) / seconds, Instances * (Scrapes - WarmUp), refused, load);
        }
        finally
        {
            Signals.Send(process.Id, Signals.Terminate);
            await process.WaitForExitAsync();
            await sidecar.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Of each instance one body for each scrape, up to now.</summary>
    static byte[][][] Requests()
    {
        var scrape = RecordedSample.Scrape(RecordedSample.Of(Recording.TryRead(Recording.RemoteWrite) ?? []));
        var begin = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - (Scrapes * StepMs);
        return [.. Enumerable.Range(0, Instances).Select(instance => Enumerable.Range(0, Scrapes).Select(i => RecordedSample.AsRemoteWrite1(
            scrape.Select(sample => new RecordedSample(
                [.. sample.Labels.Select(label => label.Key == "instance" ? new(label.Key, $"node-{Text(instance)}:9100") : label)],
                begin + (i * StepMs), sample.Value + i)))).ToArray())];
    }

    static async Task<(long Samples, int Refused)> SendAsync(HttpClient http, byte[][][] requests, int from, int to)
    {
        var (samples, refused) = (0L, 0);
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            for (var scrape = from; scrape < to; scrape++)
            {
                for (var instance = sender; instance < Instances; instance += Senders)
                {
                    using var response = await PostAsync(http, requests[instance][scrape]);
                    if (response.IsSuccessStatusCode)
                        Interlocked.Add(ref samples, long.Parse(response.Headers.GetValues("X-Prometheus-Remote-Write-Samples-Written").Single(), CultureInfo.InvariantCulture));
                    else
                        Interlocked.Increment(ref refused);
                }
            }
        })));
        return (samples, refused);
    }

    static async Task<bool> IsTakenAsync(HttpClient http, byte[] body)
    {
        try
        {
            using var response = await PostAsync(http, body);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    static async Task<HttpResponseMessage> PostAsync(HttpClient http, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/x-protobuf");
        content.Headers.ContentEncoding.Add("snappy");
        return await http.PostAsync("/api/v1/write", content);
    }

    static Process Start(int appPort, int doorPort, AppSidecar sidecar)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var start = new ProcessStartInfo(
            Path.Combine(own.Parent!.Parent!.FullName, "Ingestion", own.Name, OperatingSystem.IsWindows() ? "Forewarn.Ingestion.exe" : "Forewarn.Ingestion"));
        foreach (var (name, value) in new (string, string)[]
        {
            ("APP_PORT", Text(appPort)), ("DAPR_HTTP_PORT", Text(sidecar.HttpPort)), ("DAPR_GRPC_PORT", Text(sidecar.GrpcPort)),
            ("INGESTION__PORT", Text(doorPort)), ("INGESTION__HOST__ENABLED", "false"), ("SELFMETRICS__ENABLED", "false"), ("Logging__LogLevel__Default", "Warning"),
        })
        {
            start.Environment[name] = value;
        }
        return Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <param name="SamplesPerSecond">That the broker has acknowledged.</param>
/// <param name="IngestionCores">That the service used, on average.</param>
/// <param name="Requests">Sent while measuring.</param>
/// <param name="Refused">Of those.</param>
/// <param name="LoadBefore">The machine's load average before, of others.</param>
sealed record EndToEndResult(double SamplesPerSecond, double IngestionCores, int Requests, int Refused, string LoadBefore);
