using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Testing;
using static Forewarn.Trainer.Tests.TrainerCalls;

namespace Forewarn.Trainer.Tests;

/// <summary>Previews, and trainings that feedback sets off, in the whole service on the embedded sidecar.</summary>
public sealed class PreviewTests : IAsyncLifetime
{
    readonly FakeHistory _history = new(ticks: 2000) { Fault = (1600, 1700) };
    SidecarRig _platform = null!;

    public async ValueTask InitializeAsync()
    {
        _platform = await SidecarRig.StartAsync();
        await _history.StartAsync(_platform);
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task A_preview_tells_what_would_change_and_changes_nothing()
    {
        var trainer = await _platform.AddTrainerAsync("MinHistoryRows=1000");
        var champion = await ChampionAsync(trainer);
        using var none = await trainer.Http.GetAsync("/v1/feedback/preview", TestContext.Current.CancellationToken);
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var start = _history.At(1600);
        await SayAsync(trainer, Samples.Feedback(start.ToString(CultureInfo.InvariantCulture), at: 1, from: start, to: _history.At(1700)));

        using var accepted = await trainer.Http.PostAsync("/v1/feedback/preview?days=2", content: null, TestContext.Current.CancellationToken);
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var job = await EndedAsync(trainer, (await accepted.Content.ReadFromJsonAsync(ContractJson.Default.JobEvent, TestContext.Current.CancellationToken))!);

        job.Status.ShouldBe(JobStatus.Succeeded, job.Message);
        (job.Kind, job.Model).ShouldBe(("preview", null));
        job.Message.ShouldContain("1 of 1 labelled ones would be found");
        var preview = (await trainer.Http.GetFromJsonAsync("/v1/feedback/preview", ContractJson.Default.FeedbackPreview, TestContext.Current.CancellationToken))!;
        (preview.Job, preview.Champion, preview.Useful).ShouldBe((job.Id, champion.Version, 1));
        var host = preview.Entities.ShouldHaveSingleItem();
        (host.Entity, host.Ticks, host.From).ShouldBe((FakeHistory.Entity, 2000, _history.At(900)));
        host.Before.ShouldBeInRange(1, 2);
        host.After.ShouldBeInRange(1, 2);
        (preview.Labels.ChampionFound, preview.Labels.ChallengerFound).ShouldBe((1, 1));
        (await ModelsAsync(trainer)).ShouldBe([champion]);
        (await trainer.Service<FeedbackStore>().ReadAsync(TestContext.Current.CancellationToken)).Uncounted.ShouldBe(1);
    }

    [Theory]
    [InlineData("days=0")]
    [InlineData("days=32")]
    [InlineData("kind=lstm")]
    public async Task What_cannot_be_previewed_is_refused(string query)
    {
        var trainer = await _platform.AddTrainerAsync();
        using var refused = await trainer.Http.PostAsync($"/v1/feedback/preview?{query}", content: null, TestContext.Current.CancellationToken);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Enough_feedback_starts_one_training_over_all_replicas_that_learns_it()
    {
        var trainers = await Task.WhenAll(
            _platform.AddTrainerAsync("MinHistoryRows=1000", "FeedbackForTraining=2"), _platform.AddTrainerAsync("MinHistoryRows=1000", "FeedbackForTraining=2"));
        var champion = await ChampionAsync(trainers[0]);
        var alarm = Samples.Feedback("a", FeedbackKind.FalseAlarm, row: [.. Enumerable.Repeat(1f, RowSpec.Count)], model: champion.Version);
        await SayAsync(trainers[0], alarm);
        (await CheckAsync(trainers)).ShouldBeEmpty();
        await SayAsync(trainers[0], Samples.Missed(1, 2));

        var job = (await CheckAsync(trainers)).ShouldHaveSingleItem();

        (job.Trigger, job.Kind).ShouldBe((JobTrigger.Feedback, "train"));
        job = await EndedAsync(trainers[0], job);
        job.Status.ShouldBe(JobStatus.Succeeded, job.Message);
        (await CheckAsync(trainers)).ShouldBeEmpty();
        var model = (await ModelsAsync(trainers[0])).Single(model => model.Version == job.Model);
        using var loaded = await trainers[0].Service<Models.ModelStore>().FetchAsync(model, TestContext.Current.CancellationToken);
        var learned = loaded.Manifest.Training.Feedback.ShouldNotBeNull();
        (learned.FalseAlarms, learned.Useful, learned.Missed).ShouldBe((1, 0, 1));
        learned.RowsEach.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Feedback_that_finds_a_training_under_way_waits_for_its_turn()
    {
        var trainer = await _platform.AddTrainerAsync("MinHistoryRows=1000", "FeedbackForTraining=1");
        await ChampionAsync(trainer);
        _history.Gate = new TaskCompletionSource();
        var running = await StartAsync(trainer);
        await Eventually.Async("the training to read history", Limit, () => Task.FromResult(_history.IsWaitedFor));
        await SayAsync(trainer, Samples.Feedback("a"));

        (await CheckAsync(trainer)).ShouldBeEmpty();
        (await trainer.Service<FeedbackStore>().ReadAsync(TestContext.Current.CancellationToken)).Uncounted.ShouldBe(1);
        _history.Gate.SetResult();
        await EndedAsync(trainer, running);

        (await CheckAsync(trainer)).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_preview_covers_the_newest_time_of_each_entity_that_there_is_room_for()
    {
        const long day = 86_400_000;
        const long now = 100 * day;
        EntityInfo Info(string name, long first, long last) => new() { Entity = name, Series = 1, FirstSeen = first, LastSeen = last };
        EntityInfo[] entities = [Info("gone", 0, 97 * day), Info("b", 0, now - 1), Info("young", now - 5_000_000, now - 1), Info("a", 0, 99 * day)];

        var (windows, leftOut) = PreviewReplay.Plan(entities, now, days: 2, mostTicks: 1_000_000_000);
        windows.ShouldBe([new("a", 98 * day, (99 * day) + 1), new("b", 98 * day, now), new("young", now - 5_000_000, now)]);
        leftOut.ShouldBe(0);

        PreviewReplay.Plan(entities, now, days: 2, mostTicks: 30_000).Windows.ShouldBe(
            [new("a", (99 * day) + 1 - 10_000_000, (99 * day) + 1), new("b", now - 10_000_000, now), new("young", now - 5_000_000, now)]);
        PreviewReplay.Plan([.. Enumerable.Range(0, 60).Select(i => Info($"h{i}", 0, now))], now, 1, 1_000_000).LeftOut.ShouldBe(10);
    }

    static Task SayAsync(SidecarApp trainer, params FeedbackEvent[] words) =>
        trainer.Service<FeedbackStore>().TakeAsync(words, TestContext.Current.CancellationToken);

    static async Task<IReadOnlyList<JobEvent>> CheckAsync(params SidecarApp[] trainers)
    {
        var started = await Task.WhenAll(trainers.Select(trainer => trainer.Service<FeedbackTrigger>().CheckAsync(TestContext.Current.CancellationToken)));
        return [.. started.OfType<JobEvent>()];
    }
}
