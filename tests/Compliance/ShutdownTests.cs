using System.Net;
using DevSidecar;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

/// <summary>The end of the sidecar as a process.</summary>
public sealed class ShutdownTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("sidecar shutdown ").FullName;
    readonly int _port = FreePorts.Next();
    readonly HttpClient _http;

    public ShutdownTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals and sh are needed");
        Directory.CreateDirectory(Path.Combine(_folder, "components"));
        File.WriteAllText(Path.Combine(_folder, "components", "components.yaml"), World.Standard);
        _http = new() { BaseAddress = new($"http://127.0.0.1:{_port}") };
    }

    [Fact]
    public async Task G2_the_command_keeps_the_outbound_API_and_delivers_nothing_more()
    {
        await using var app = await SubscriberAsync();
        await using (var sidecar = Start(app.Port, "--dapr-block-shutdown-duration", "3s"))
        {
            await PublishAsync("first");
            await Eventually.TrueAsync(() => app.Requests.Count == 1, "the first message is delivered");
            var started = TimeProvider.System.GetTimestamp();
            await sidecar.SignalAsync("TERM");
            await Eventually.TrueAsync(() => sidecar.Output.Contains("deliveries stop", StringComparison.Ordinal), "the signal is taken");
            while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(2))
            {
                await PublishAsync("late");
                (await _http.PostAsync("/v1.0/state/store", new StringContent("""[{"key":"k","value":1}]"""))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
                (await _http.GetStringAsync("/v1.0/state/store/k")).ShouldBe("1");
            }

            app.Requests.Count.ShouldBe(1, "subscriptions have ended");
            (await sidecar.ExitAsync()).ShouldBe(0, sidecar.Output);
            TimeProvider.System.GetElapsedTime(started).ShouldBeInRange(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3 + 5 + 2));
        }

        await using var again = Start(app.Port);
        await Eventually.TrueAsync(() => app.Requests.Any(r => r.Text.Contains("\"late\"", StringComparison.Ordinal)), "G1: what was acknowledged meanwhile is not lost");
        app.Requests.Count(r => r.Text.Contains("\"first\"", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task G2_an_app_that_the_command_started_saves_while_it_ends_and_ends_the_wait()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not installed");
        await using var sidecar = Start(0, "--dapr-block-shutdown-duration", "60s", "--", "sh", "-c", """
            trap 'sleep 6; curl -s -o /dev/null -w "saved %{http_code}" -d "[]" http://127.0.0.1:$DAPR_HTTP_PORT/v1.0/state/store; exit 0' TERM
            echo up; while :; do sleep 0.05; done
            """);
        await Eventually.TrueAsync(() => sidecar.Output.Contains("orders | up", StringComparison.Ordinal), "the app runs");
        await sidecar.SignalAsync("TERM");
        (await sidecar.ExitAsync()).ShouldBe(0);
        sidecar.Output.ShouldContain("saved 204", customMessage: "six seconds are more than an app has without the option");
    }

    [Fact]
    public async Task G2_a_second_signal_ends_the_wait()
    {
        await using var sidecar = Start(0, "--dapr-block-shutdown-duration", "60s");
        await ReadyAsync();
        await sidecar.SignalAsync("TERM");
        await Eventually.TrueAsync(() => sidecar.Output.Contains("deliveries stop", StringComparison.Ordinal), "the signal is taken");
        await sidecar.SignalAsync("INT");
        (await sidecar.ExitAsync()).ShouldBe(0, sidecar.Output);
    }

    [Fact]
    public async Task A_delivery_that_does_not_end_is_left_behind_after_the_graceful_seconds()
    {
        await using var app = await SubscriberAsync(hang: true);
        await using var sidecar = Start(app.Port, "--dapr-graceful-shutdown-seconds", "1");
        await PublishAsync("first");
        await Eventually.TrueAsync(() => app.Requests.Count == 1, "the app handles the message");
        var started = TimeProvider.System.GetTimestamp();
        await sidecar.SignalAsync("TERM");
        await sidecar.ExitAsync();
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(1 + 2));
    }

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    TestProcess Start(int appPort, params IEnumerable<string> more) => TestProcess.Sidecar(
    [
        "--app-id", "orders", "--app-port", $"{appPort}", "--resources-path", Path.Combine(_folder, "components"), "--data-dir", Path.Combine(_folder, "data"),
        "--dapr-http-port", $"{_port}", "--dapr-grpc-port", "0", .. more,
    ]);

    static Task<ProbeApp> SubscriberAsync(bool hang = false) => ProbeApp.StartAsync((p, a) =>
    {
        a.MapGet("/dapr/subscribe", () => Results.Text("""[{"pubsubname":"ps","topic":"t","route":"/t"}]""", "application/json"));
        a.MapPost("/t", async (HttpContext c) =>
        {
            await p.RecordAsync(c);
            await Task.Delay(hang ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, c.RequestAborted);
        });
    });

    async Task PublishAsync(string text)
    {
        await ReadyAsync();
        (await _http.PostAsync("/v1.0/publish/ps/t", new StringContent($"\"{text}\"", null, "application/json"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    Task ReadyAsync() => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                return (await _http.GetAsync("/v1.0/healthz/outbound")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        "the sidecar answers");
}
