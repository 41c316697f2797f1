using System.Text.Json;

namespace Forewarn.SystemTests;

[Collection("1 crash")]
public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task After_a_killed_launcher_down_ends_what_it_left_and_the_next_up_finds_the_data()
    {
        var data = Directory.CreateTempSubdirectory("forewarn-system-").FullName;
        var first = await Platform.StartAsync(data: data);
        await Eventually.Async("the host is in history", TimeSpan.FromSeconds(30), async () => (await first.TryStatusAsync())!.Entities > 0);
        var left = Pids(await first.LocalStatusAsync());
        left.Count.ShouldBeGreaterThan(6);

        first.Launcher.Signal(Signals.Kill);
        await first.Launcher.WaitAsync(TimeSpan.FromSeconds(10));
        var (exitCode, printed) = await Cli.RunAsync(TimeSpan.FromSeconds(30), "down", "--data", data);
        exitCode.ShouldBe(0, printed);
        left.Where(Signals.IsAlive).ShouldBeEmpty("nothing is left running");

        await using var second = await Platform.StartAsync(data: data);
        output.WriteLine($"second start: ready after {second.StartUp.TotalSeconds:0.0} s");
        using var http = new HttpClient { BaseAddress = second.Dashboard };
        var entities = JsonDocument.Parse(await http.GetStringAsync("/api/entities")).RootElement.GetProperty("items");
        entities.EnumerateArray().Select(item => item.GetProperty("entity").GetString()).ShouldContain(Environment.MachineName);
    }

    [Fact]
    public async Task A_service_that_dies_is_started_again_and_SIGTERM_ends_everything_within_ten_seconds()
    {
        await using var platform = await Platform.StartAsync();
        var status = await platform.LocalStatusAsync();
        var pids = Pids(status);
        var predictor = status.GetProperty("services").EnumerateArray().Single(service => service.GetProperty("name").GetString() == "predictor");
        var old = predictor.GetProperty("pid").GetInt32();

        Signals.Send(old, Signals.Kill);
        await Eventually.Async("the predictor is back", TimeSpan.FromSeconds(40), async () =>
        {
            var now = (await platform.LocalStatusAsync()).GetProperty("services").EnumerateArray()
                .Single(service => service.GetProperty("name").GetString() == "predictor");
            return now.TryGetProperty("pid", out var pid) && pid.ValueKind == JsonValueKind.Number && pid.GetInt32() != old
                && now.GetProperty("health").GetString() == "healthy" && now.GetProperty("restarts").GetInt32() == 1;
        }, platform.Logs);

        platform.Launcher.Signal(Signals.Terminate);
        await platform.Launcher.WaitAsync(TimeSpan.FromSeconds(10));
        pids.Where(Signals.IsAlive).ShouldBeEmpty("nothing is left running");
    }

    static List<int> Pids(JsonElement status) =>
        [.. status.GetProperty("services").EnumerateArray().Select(service => service.GetProperty("pid").GetInt32())];
}
