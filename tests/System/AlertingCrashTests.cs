using System.Globalization;

namespace Forewarn.SystemTests;

/// <summary>alerting is killed while it tells a webhook: nothing is lost, and what comes twice says so by its id.</summary>
[Collection("1 crash")]
public sealed class AlertingCrashTests(ITestOutputHelper output) : IAsyncLifetime
{
    AlertingPlatform _world = null!;

    public async ValueTask InitializeAsync() => _world = await AlertingPlatform.StartAsync(stormAbove: "1000");

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Killed_between_acceptance_and_commit_it_repeats_the_same_notification_and_no_other()
    {
        var accepted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _world.Hooks.Answer = async (hook, _) =>
        {
            // The webhook has the message; that it has it, alerting does not live to hear.
            if (AlertingPlatform.IdsOf(hook).Entity == "accepted" && accepted.TrySetResult())
                await killed.Task;
        };
        await _world.Door.PublishAsync([AlertingPlatform.Told("before")]);
        await ArrivedAsync("before", 1);
        await _world.Door.PublishAsync([AlertingPlatform.Told("accepted")]);
        await accepted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Signals.Send(await _world.AlertingAsync(), Signals.Kill);
        killed.SetResult();

        await ArrivedAsync("accepted", 2);
        await _world.Door.PublishAsync([AlertingPlatform.Told("after")]);
        await ArrivedAsync("after", 1);

        var told = _world.Openings();
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
        const int atOnce = 8;
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < incidents; i++)
            {
                await _world.Door.PublishAsync([AlertingPlatform.Told(NameOf(i))]);
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        });
        var killed = 0;
        for (; killed < kills && !publishing.IsCompleted; killed++)
        {
            // At another point of its work each time.
            await Task.Delay(TimeSpan.FromMilliseconds(1700 + (killed * 370)));
            var alerting = 0;
            await Eventually.Async("alerting runs", TimeSpan.FromSeconds(60), async () => (alerting = await _world.AlertingAsync()) > 0, _world.Platform.Logs);
            var seen = _world.Hooks.Hooks.Count;
            await Eventually.Async("alerting tells", TimeSpan.FromSeconds(60), () => Task.FromResult(_world.Hooks.Hooks.Count > seen || publishing.IsCompleted), _world.Platform.Logs);
            Signals.Send(alerting, Signals.Kill);
        }
        await publishing;

        await Eventually.Async("all are told", TimeSpan.FromSeconds(120), () => Task.FromResult(Missing(incidents).Count == 0),
            () => $"not told: {string.Join(", ", Missing(incidents))}\n{_world.Platform.Logs()}");
        var repeated = _world.Openings().Values.Where(ids => ids.Count > 1).ToList();
        output.WriteLine($"{killed} kills, {incidents} incidents, none lost; told more than once: {repeated.Count}");
        repeated.ShouldAllBe(ids => ids.Distinct(StringComparer.Ordinal).Count() == 1);
        repeated.Count.ShouldBeLessThanOrEqualTo(killed * atOnce, "no more than what can be on its way at once");
    }

    static string NameOf(int i) => string.Create(CultureInfo.InvariantCulture, $"crash-{i:000}");

    List<string> Missing(int incidents)
    {
        var openings = _world.Openings();
        return [.. Enumerable.Range(0, incidents).Select(NameOf).Where(name => !openings.ContainsKey(name))];
    }

    Task ArrivedAsync(string entity, int times) => Eventually.Async(
        $"{entity} is told {times} times", TimeSpan.FromSeconds(90),
        () => Task.FromResult(_world.Openings().TryGetValue(entity, out var told) && told.Count >= times), _world.Platform.Logs);
}
