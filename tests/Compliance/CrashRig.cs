using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net;
using System.Text.Json;
using DevSidecar;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace Forewarn.Compliance;

/// <summary>A message of the crash tests.</summary>
public sealed record Numbered(string Key, int Number);

/// <summary>A message and where it lay, as a consumer got it.</summary>
public sealed record Arrival(string Key, int Number, int Partition, long Offset);

/// <summary>A sidecar process for one app, with fixed ports, so that it can be killed and started again.</summary>
public sealed class CrashRig : IAsyncDisposable
{
    readonly HttpClient _http;

    public CrashRig(int appPort, string components = World.Standard)
    {
        (AppPort, HttpPort) = (appPort, FreePorts.Next());
        Directory.CreateDirectory(Path.Combine(Folder, "components"));
        File.WriteAllText(Path.Combine(Folder, "components", "components.yaml"), components);
        _http = new() { BaseAddress = new($"http://127.0.0.1:{HttpPort}"), Timeout = TimeSpan.FromSeconds(20) };
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("crash").FullName;

    public string Data => Path.Combine(Folder, "data");

    public int AppPort { get; }

    public int HttpPort { get; }

    public HttpClient Http => _http;

    public TestProcess Sidecar { get; private set; } = null!;

    public string[] Arguments =>
    [
        "--app-id", "consumer", "--app-port", $"{AppPort}", "--dapr-http-port", $"{HttpPort}", "--dapr-grpc-port", "0",
        "--resources-path", Path.Combine(Folder, "components"), "--data-dir", Data,
    ];

    /// <summary>Starts the sidecar and waits until it and its app are ready.</summary>
    public async Task StartAsync(TestProcess? process = null)
    {
        Sidecar = process ?? TestProcess.Sidecar(Arguments);
        await Eventually.TrueAsync(async () => await HealthAsync() == HttpStatusCode.NoContent, "the sidecar and its app are ready: " + Sidecar.Output, 30);
    }

    /// <summary>As <see cref="StartAsync"/>, for <see cref="LimitFilesAsync"/>: without the trap the system would end the process instead of failing the write.</summary>
    public Task StartLimitableAsync() =>
        StartAsync(new TestProcess("sh", ["-c", "trap '' XFSZ; exec \"$@\"", "sh", .. Programs.Sidecar, .. Arguments]));

    /// <summary>A limit on the size of files stands for the end of the disk: like it, it makes writes fail, and it can be lifted. Null lifts it.</summary>
    public async Task LimitFilesAsync(long? bytes)
    {
        using var prlimit = Process.Start("prlimit", ["--pid", $"{Sidecar.Id}", $"--fsize={bytes?.ToString(CultureInfo.InvariantCulture) ?? "unlimited"}:"]);
        await prlimit.WaitForExitAsync(CancellationToken.None);
        prlimit.ExitCode.ShouldBe(0);
    }

    /// <summary>Null when it does not answer.</summary>
    public async Task<HttpStatusCode?> HealthAsync()
    {
        try
        {
            using var response = await _http.GetAsync("/v1.0/healthz");
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>True when it was acknowledged, false when the sidecar is gone; any other answer is thrown with its text.</summary>
    public async Task<bool> PublishAsync(object message, string key)
    {
        try
        {
            using var response = await _http.PostAsJsonAsync($"/v1.0/publish/ps/t?metadata.partitionKey={key}", message, JsonSerializerOptions.Web);
            return response.IsSuccessStatusCode
                ? true
                : throw new InvalidOperationException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The next offset of the consumer per partition, as it is on disk.</summary>
    public static Dictionary<int, long> StoredPositions(string database)
    {
        using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT tp & 4095, off FROM positions JOIN topics ON topics.id = tp >> 12 WHERE topics.name = 't' AND grp = 'consumer'";
        using var reader = command.ExecuteReader();
        var positions = new Dictionary<int, long>();
        while (reader.Read())
        {
            positions[reader.GetInt32(0)] = reader.GetInt64(1);
        }

        return positions;
    }

    /// <summary>As <see cref="StoredPositions"/>, of what a killed sidecar left, without changing it.</summary>
    public Dictionary<int, long> PositionsLeftBehind()
    {
        var copy = Directory.CreateDirectory(Path.Combine(Folder, "copy")).FullName;
        foreach (var file in new[] { "log.db", "log.db-wal" })
        {
            File.Copy(Path.Combine(Data, file), Path.Combine(copy, file), overwrite: true);
        }

        using (var recover = new SqliteConnection($"Data Source={Path.Combine(copy, "log.db")};Pooling=False"))
        {
            recover.Open();
        }

        return StoredPositions(Path.Combine(copy, "log.db"));
    }

    /// <summary>A consumer in the test process that writes down what comes.</summary>
    public static Task<ProbeApp> ConsumerAsync(ConcurrentQueue<Arrival> arrivals, int port = 0) => ProbeApp.StartAsync(
        (_, app) =>
        {
            app.MapGet("/dapr/subscribe", () => Results.Text("""[{"pubsubname":"ps","topic":"t","route":"/t"}]""", "application/json"));
            app.MapPost("/t", async (HttpContext context) =>
            {
                using var envelope = await JsonDocument.ParseAsync(context.Request.Body);
                var message = envelope.RootElement.GetProperty("data").Deserialize<Numbered>(JsonSerializerOptions.Web)!;
                var headers = context.Request.Headers;
                arrivals.Enqueue(new(message.Key, message.Number, int.Parse(headers["__partition"]!), long.Parse(headers["__offset"]!)));
            });
        },
        port: port);

    /// <summary>Whatever came twice, per key everything came first in the order it was sent.</summary>
    public static void ShouldBeInOrder(IEnumerable<Numbered> received)
    {
        foreach (var key in received.GroupBy(m => m.Key, StringComparer.Ordinal))
        {
            var first = key.Select(m => m.Number).Distinct().ToList();
            first.SequenceEqual(first.Order()).ShouldBeTrue($"order of {key.Key}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Sidecar is not null)
        {
            await Sidecar.DisposeAsync();
        }

        _http.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
