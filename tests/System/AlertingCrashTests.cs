using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.SystemTests;

/// <summary>alerting is killed while it tells a webhook: nothing is lost, and what comes twice says so by its id.</summary>
[Collection("1 crash")]
public sealed class AlertingCrashTests(ITestOutputHelper output) : IAsyncLifetime
{
    const string Config = """
        receivers:
        - name: hook
          webhook:
            binding: webhook
        routes:
        - name: all
          receivers: [hook]
        """;

    HookServer _hooks = null!;
    Platform _platform = null!;
    DetectionDoor _door = null!;
    string _folder = "";

    public async ValueTask InitializeAsync()
    {
        _hooks = await HookServer.StartAsync();
        _folder = Directory.CreateTempSubdirectory("forewarn-alerting-").FullName;
        var config = Path.Combine(_folder, "alerting.yaml");
        await File.WriteAllTextAsync(config, Config);
        _platform = await Platform.StartAsync(environment: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["INGESTION__HOST__ENABLED"] = "false",
            ["ALERTING__CONFIGFILE"] = config,
            ["ALERTING__STORMABOVE"] = "1000",
            ["FOREWARN_WEBHOOK_URL"] = _hooks.Url.ToString(),
        });
        _door = await DetectionDoor.OpenAsync(_platform);
    }

    public async ValueTask DisposeAsync()
    {
        _door.Dispose();
        await _platform.DisposeAsync();
        await _hooks.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Killed_between_acceptance_and_commit_it_repeats_the_same_notification_and_no_other()
    {
        var accepted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _hooks.Answer = async (hook, _) =>
        {
            // The webhook has the message; that it has it, alerting does not live to hear.
            if (IdsOf(hook).Entity == "accepted" && accepted.TrySetResult())
                await killed.Task;
        };
        await _door.PublishAsync([Told("before")]);
        await ArrivedAsync("before", 1);
        await _door.PublishAsync([Told("accepted")]);
        await accepted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Signals.Send(await AlertingAsync(), Signals.Kill);
        killed.SetResult();

        await ArrivedAsync("accepted", 2);
        await _door.PublishAsync([Told("after")]);
        await ArrivedAsync("after", 1);

        var told = Openings();
        told["accepted"].Count.ShouldBe(2);
        told["accepted"].Distinct(StringComparer.Ordinal).Count().ShouldBe(1, "the repeat says that it is one");
        told["before"].Count.ShouldBe(1, "what was committed is not told again");
        told["after"].Count.ShouldBe(1);
    }

    [Fact]
    public async Task Killed_again_and_again_it_loses_nothing_and_repeats_only_what_was_on_its_way()
    {
        const int incidents = 150;
        const int kills = 5;
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < incidents; i++)
            {
                await _door.PublishAsync([Told(NameOf(i))]);
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        });
        var killed = 0;
        for (; killed < kills && !publishing.IsCompleted; killed++)
        {
            // At another point of its work each time.
            await Task.Delay(TimeSpan.FromMilliseconds(1700 + (killed * 370)));
            var alerting = 0;
            await Eventually.Async("alerting runs", TimeSpan.FromSeconds(60), async () => (alerting = await AlertingAsync()) > 0, _platform.Logs);
            var seen = _hooks.Hooks.Count;
            await Eventually.Async("alerting tells", TimeSpan.FromSeconds(60), () => Task.FromResult(_hooks.Hooks.Count > seen || publishing.IsCompleted), _platform.Logs);
            Signals.Send(alerting, Signals.Kill);
        }
        await publishing;

        await Eventually.Async("all are told", TimeSpan.FromSeconds(120),
            () => Task.FromResult(Enumerable.Range(0, incidents).All(i => Openings().ContainsKey(NameOf(i)))), () => Missing(incidents) + _platform.Logs());
        var told = Openings();
        var repeated = told.Where(one => one.Value.Count > 1).ToList();
        output.WriteLine($"{killed} kills, {incidents} incidents, none lost; told more than once: {repeated.Count}");
        repeated.ShouldAllBe(one => one.Value.Distinct(StringComparer.Ordinal).Count() == 1);
        repeated.Count.ShouldBeLessThanOrEqualTo(killed * 8, "no more than what can be on its way at once");
    }

    static string NameOf(int i) => string.Create(CultureInfo.InvariantCulture, $"crash-{i:000}");

    string Missing(int incidents) => $"not told: {string.Join(", ", Enumerable.Range(0, incidents).Select(NameOf).Where(name => !Openings().ContainsKey(name)))}\n";

    Task ArrivedAsync(string entity, int times) => Eventually.Async(
        $"{entity} is told {times} times", TimeSpan.FromSeconds(90), () => Task.FromResult(Openings().TryGetValue(entity, out var told) && told.Count >= times), _platform.Logs);

    /// <summary>Ids of the openings that arrived, by entity.</summary>
    ConcurrentDictionary<string, List<string>> Openings()
    {
        var openings = new ConcurrentDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (entity, notification, kind) in _hooks.Hooks.Select(IdsOf).Where(ids => ids.Kind == "opened"))
            openings.GetOrAdd(entity, _ => []).Add(notification);
        return openings;
    }

    static (string Entity, string Notification, string Kind) IdsOf(Hook hook)
    {
        using var body = JsonDocument.Parse(hook.Body);
        var root = body.RootElement;
        return (root.GetProperty("incident").GetProperty("entity").GetString()!, root.GetProperty("notification").GetString()!, root.GetProperty("kind").GetString()!);
    }

    async Task<int> AlertingAsync() => (await _platform.LocalStatusAsync()).GetProperty("services").EnumerateArray()
        .Where(service => service.GetProperty("name").GetString() == Apps.Alerting && service.TryGetProperty("pid", out var pid) && pid.ValueKind == JsonValueKind.Number)
        .Select(service => service.GetProperty("pid").GetInt32()).FirstOrDefault();

    static Detection Told(string entity)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        return new Detection
        {
            Id = Detection.IdOf(entity, DetectionKind.Joint, "behaviour", 1000, now),
            Entity = entity,
            Kind = DetectionKind.Joint,
            Cause = "behaviour",
            T = now,
            Since = now,
            CadenceMs = 1000,
            Score = 0.9,
            P = 1e-5,
            Summary = $"{entity} is slow",
            Stamps = new Stamps { Received = now, Detected = now },
        };
    }
}
