using System.Collections.Concurrent;
using System.Net.Http.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;
using Forewarn.Testing;
using static Forewarn.Trainer.Tests.TrainerCalls;

namespace Forewarn.Trainer.Tests;

/// <summary>Drift and rollback in the whole service: two replicas on the embedded sidecar, and what predictors tell them.</summary>
public sealed class ChampionServiceTests : IAsyncLifetime
{
    const long HourMs = 3_600_000;

    readonly ConcurrentQueue<ModelEvent> _models = [];
    readonly FakeHistory _history = new(ticks: 2000);
    SidecarRig _platform = null!;
    SidecarApp _predictor = null!;
    SidecarApp[] _trainers = null!;
    ModelInfo _champion = null!;

    // A champion of history that has replaced a generated one.
    public async ValueTask InitializeAsync()
    {
        _platform = await SidecarRig.StartAsync();
        await _history.StartAsync(_platform);
        _predictor = await _platform.AddAsync(Apps.Predictor, _ => { }, app =>
            app.MapBulkSubscription(Components.Broadcast, Topics.Models, ContractJson.Default.ModelEvent, (events, _) =>
            {
                foreach (var message in events)
                    _models.Enqueue(message);
                return Task.CompletedTask;
            }));
        string[] options = ["MinHistoryRows=1000", "DriftTicks=1000", "DriftHours=3", "DriftPsi=0.2"];
        _trainers = [await _platform.AddTrainerAsync(options), await _platform.AddTrainerAsync(options)];
        await ChampionAsync(_trainers[0]);
        await ChampionAsync(_trainers[1]);
        (await TrainAsync(_trainers[0])).Message.ShouldContain("The first model that has learned from history.");
        _champion = await ChampionAsync(_trainers[0]);
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task Drift_is_told_and_starts_one_training_of_two_replicas_and_none_soon_after()
    {
        (await DriftAsync()).Summary.ShouldStartWith("Nothing has been counted");
        await ReportAsync(shift: 0);
        var calm = await DriftAsync();
        (calm.Model, calm.Moved).ShouldBe((_champion.Version, false));
        calm.Hours.ShouldBeGreaterThanOrEqualTo(3);
        calm.Ticks.ShouldBe(1000 * calm.Hours);
        calm.Features.Select(feature => feature.Name).Order().ShouldBe(Analytics.RowSpec.Names.Order());

        await ReportAsync(shift: 3, producer: "p2");
        (await DriftAsync()).Moved.ShouldBeTrue();
        await Task.WhenAll(_trainers.Select(JudgeAsync));
        var job = (await DriftJobsAsync()).ShouldHaveSingleItem();
        (await EndedAsync(_trainers[0], job)).Status.ShouldBe(JobStatus.Succeeded);

        await Task.WhenAll(_trainers.Select(JudgeAsync));
        (await DriftJobsAsync()).Count.ShouldBe(1, "the next one may start a day later");
        (await ChampionAsync(_trainers[0])).Version.ShouldBe(_champion.Version, "what was before has not been measured: going back might help nobody");
    }

    [Fact]
    public async Task A_champion_that_alarms_too_often_is_rolled_back_once_announced_and_does_not_come_back()
    {
        await ReportAsync(shift: 0, opened: Hosts(9));
        var watch = (await DriftAsync()).Watch.ShouldNotBeNull();
        (watch.Alarms, watch.Before).ShouldBe((9, _champion.Replaced));
        await Task.WhenAll(_trainers.Select(JudgeAsync));

        var back = await ChampionAsync(_trainers[1]);
        back.Version.ShouldBe(_champion.Replaced);
        back.Reason.ShouldNotBeNull().ShouldStartWith($"Rolled back from {_champion.Version} by itself: 9 alarms in ");
        await Eventually.Async("the champion of before to be announced", Limit, () => Task.FromResult(_models.Any(message => message.Model.Reason == back.Reason)));
        var gone = (await ModelsAsync(_trainers[0])).Single(model => model.Version == _champion.Version);
        (gone.State, gone.RolledBackAt is not null).ShouldBe((ModelState.Retired, true));

        (await TrainAsync(_trainers[1])).Message.ShouldContain($"{_champion.Version} stays retired");
        (await ChampionAsync(_trainers[0])).Version.ShouldBe(back.Version);
    }

    [Fact]
    public async Task Alarms_on_entities_with_confirmed_incidents_do_not_count()
    {
        await ReportAsync(shift: 0, opened: Hosts(9));
        foreach (var host in Hosts(5))
            _history.Incidents.Add(FakeHistory.Incident(Now() - HourMs, to: Now()) with { Entity = host, AcknowledgedAt = Now() });
        _history.Incidents.Add(FakeHistory.Incident(Now() - HourMs, to: Now()) with { Entity = Hosts(9)[8] });

        (await DriftAsync()).Watch!.Alarms.ShouldBe(4, "five are confirmed, one merely ended");
        await JudgeAsync(_trainers[0]);
        (await ChampionAsync(_trainers[0])).Version.ShouldBe(_champion.Version);
    }

    [Fact]
    public async Task What_people_said_of_an_incident_outweighs_that_somebody_took_it_on()
    {
        await ReportAsync(shift: 0, opened: Hosts(6));
        foreach (var (host, id, acknowledged) in new[] { (Hosts(1)[0], "useful", false), (Hosts(2)[1], "false", true), (Hosts(3)[2], "taken-on", true) })
            _history.Incidents.Add(FakeHistory.Incident(Now() - HourMs, to: Now()) with { Id = id, Entity = host, AcknowledgedAt = acknowledged ? Now() : null });
        await _trainers[0].Service<FeedbackStore>().TakeAsync(
            [Samples.Feedback("useful", FeedbackKind.Useful), Samples.Feedback("false", FeedbackKind.FalseAlarm)], TestContext.Current.CancellationToken);

        (await DriftAsync()).Watch!.Alarms.ShouldBe(4, "useful and taken on are confirmed, a false alarm is none that was taken on");
    }

    static string[] Hosts(int count) => [.. Enumerable.Range(0, count).Select(i => $"host-{i}")];

    static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    static Task JudgeAsync(SidecarApp trainer) => trainer.Service<ChampionJudge>().JudgeAsync(TestContext.Current.CancellationToken);

    async Task<ModelDrift> DriftAsync() =>
        (await _trainers[0].Http.GetFromJsonAsync("/v1/drift", ContractJson.Default.ModelDrift, TestContext.Current.CancellationToken))!;

    async Task<IReadOnlyList<JobEvent>> DriftJobsAsync() =>
        [.. (await _trainers[1].Service<RegistryStore>().ReadAsync(TestContext.Current.CancellationToken)).Jobs.Where(job => job.Trigger == JobTrigger.Drift)];

    /// <summary>Hours of a predictor, from two before to one after this one: the clock goes on while a test runs.</summary>
    async Task ReportAsync(float shift, string producer = "p1", IReadOnlyList<string>? opened = null)
    {
        var manifest = await _trainers[0].Service<ModelStore>().ReadManifestAsync(_champion, TestContext.Current.CancellationToken);
        var newest = Now() / HourMs * HourMs;
        for (var hour = newest - (2 * HourMs); hour <= newest + HourMs; hour += HourMs)
        {
            var report = ChampionSamples.Learned(manifest, producer, hour, shift) with { ChampionAt = _champion.ChampionAt!.Value, Opened = hour == newest ? opened ?? [] : [] };
            await _predictor.Service<KeyedPublisher>().PublishAsync(
                Components.Broadcast, Topics.Control, new Outgoing<ControlEvent>(report.Model, $"{producer}-{hour}-{shift}", new ControlEvent { Champion = report }),
                ContractJson.Default.ControlEvent, TestContext.Current.CancellationToken);
        }
        await Eventually.Async("the reports to be counted", Limit, async () =>
            (await _trainers[0].Service<DriftStore>().ReadAsync(TestContext.Current.CancellationToken)).Hours
                .SelectMany(hour => hour.Reports).Count(report => report.Producer.Length == 0 || report.Producer == producer) >= 4);
    }
}
