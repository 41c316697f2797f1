using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Testing;
using static Forewarn.Trainer.Tests.TrainerCalls;

namespace Forewarn.Trainer.Tests;

/// <summary>Challengers in the whole service on the embedded sidecar.</summary>
public sealed class ChallengerServiceTests : IAsyncLifetime
{
    readonly ConcurrentQueue<ModelEvent> _models = [];
    readonly FakeHistory _history = new(ticks: 2000);
    SidecarRig _platform = null!;
    SidecarApp _predictor = null!;
    SidecarApp _trainer = null!;

    // A champion of history and a challenger.
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
        var first = await _platform.AddTrainerAsync("MinHistoryRows=1000");
        await ChampionAsync(first);
        (await TrainAsync(first)).Message.ShouldContain("The first model that has learned from history.");
        await _platform.RemoveAsync(first);
        _trainer = await _platform.AddTrainerAsync("MinHistoryRows=1000", "Seed=2", "ChallengerTicks=1000", "ChallengerHours=0");
        await ChampionAsync(_trainer);
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task A_trained_model_is_tried_beside_the_champion_and_takes_over_when_no_incident_is_open()
    {
        var champion = await ChampionAsync(_trainer);
        var job = await TrainAsync(_trainer);
        job.Message.ShouldContain($"{job.Model} is challenger");
        (await ChampionAsync(_trainer)).ShouldBe(champion);
        var challenger = await ChallengerAsync();
        challenger.Version.ShouldBe(job.Model);
        await Eventually.Async("the challenger to be announced", Limit, () =>
            Task.FromResult(_models.Any(message => message.Model.Version == job.Model && message.Model.State == ModelState.Challenger)));

        var trial = new Trial("any", challenger.Version, champion.Version, challenger.Comparison!.Since);
        await ReportAsync(Samples.Report(trial, 400, "p1"), Samples.Report(trial, 700, "p2"), Samples.Report(trial, 400, "p1"));
        await Eventually.Async("the reports to be added up", Limit, async () => (await ChallengerAsync()).Comparison!.Ticks == 1100);
        (await TrainAsync(_trainer)).Message.ShouldContain($"{challenger.Version} stays challenger");

        _history.Incidents.Add(FakeHistory.Incident(_history.At(10), to: null));
        await JudgeAsync();
        (await ChallengerAsync()).Version.ShouldBe(challenger.Version);
        _history.Incidents.Clear();
        await JudgeAsync();

        var promoted = await ChampionAsync(_trainer);
        promoted.Version.ShouldBe(challenger.Version);
        promoted.Reason.ShouldBe("In 0 entity-hours it would have opened 5 decisions, the champion opened 11, the budget allows 0. No incident is labelled: live traffic alone decides.");
        promoted.Comparison!.Ticks.ShouldBe(1100);
        promoted.ChampionAt.ShouldNotBeNull();
        await Eventually.Async("the new champion to be announced", Limit, () =>
            Task.FromResult(_models.Any(message => message.Model.Version == job.Model && message.Model.State == ModelState.Champion)));
    }

    [Fact]
    public async Task Both_are_replayed_on_what_people_labelled_and_again_when_they_say_something_new()
    {
        _history.Fault = (1600, 1700);
        _history.Incidents.Add(FakeHistory.Incident(_history.At(1600), _history.At(1700)));
        var found = Samples.Feedback(_history.At(1600).ToString(CultureInfo.InvariantCulture), at: 1, from: _history.At(1600));
        await SayAsync(found, Samples.Missed(_history.At(1300), _history.At(1400)), Samples.Missed(1000, 2000));
        var challenger = (await TrainAsync(_trainer)).Model!;
        await JudgeAsync();

        var replay = (await ChallengerAsync()).Comparison!.Replay.ShouldNotBeNull();
        (replay.Incidents, replay.Unread, replay.FalseAlarms).ShouldBe((2, 1, 0));
        (replay.ChampionFound, replay.ChallengerFound).ShouldBe((1, 1));
        replay.Spans.Single(span => span.Id == found.Id).ChallengerAfterSeconds!.Value.ShouldBeInRange(1, 20);
        replay.Spans.Single(span => span.Kind == FeedbackKind.Missed).ChallengerAfterSeconds.ShouldBeNull();
        var read = _history.ReadFrom.Count;
        await JudgeAsync();
        _history.ReadFrom.Count.ShouldBe(read);

        await SayAsync(found with { Kind = FeedbackKind.FalseAlarm, At = 2 });
        await JudgeAsync();
        var again = (await ChallengerAsync()).Comparison!.Replay!;
        (again.Incidents, again.FalseAlarms, again.ChallengerRepeated).ShouldBe((1, 1, 1));
        (await ChallengerAsync()).Version.ShouldBe(challenger);
    }

    [Fact]
    public async Task People_promote_and_roll_back_and_are_told_what_is_impossible()
    {
        var champion = await ChampionAsync(_trainer);
        var challenger = (await TrainAsync(_trainer)).Model!;

        (await PostAsync($"/v1/models/{challenger}/promote")).ShouldBe((HttpStatusCode.OK, challenger));
        (await ChampionAsync(_trainer)).Reason.ShouldBe("Promoted by hand.");
        (await PostAsync($"/v1/models/{challenger}/promote")).ShouldBe((HttpStatusCode.Conflict, $"{challenger} is champion already."));
        (await PostAsync("/v1/models/ffffffffffffffff/promote")).ShouldBe(
            (HttpStatusCode.NotFound, "There is no model ffffffffffffffff. GET /v1/models lists what there is."));
        (await PostAsync("/v1/models/rollback?group=any")).ShouldBe((HttpStatusCode.OK, champion.Version));
        (await PostAsync("/v1/models/rollback?group=hosts")).Status.ShouldBe(HttpStatusCode.NotFound);
        using var none = await _trainer.Http.GetAsync("/v1/models/challenger", TestContext.Current.CancellationToken);
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ModelsAsync(_trainer)).Count(model => model.State == ModelState.Champion).ShouldBe(1);
    }

    [Theory]
    [InlineData("{0}.json", "{}")]
    [InlineData("{0}.onnx.0", "half of it")]
    public async Task A_model_whose_file_is_damaged_does_not_become_champion(string file, string content)
    {
        var champion = await ChampionAsync(_trainer);
        var challenger = (await TrainAsync(_trainer)).Model!;
        var path = Path.Combine(_platform.ModelFiles, string.Format(CultureInfo.InvariantCulture, file, challenger));
        File.Exists(path).ShouldBeTrue();
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);

        (await PostAsync($"/v1/models/{challenger}/promote")).Status.ShouldBe(HttpStatusCode.Conflict);

        (await ChampionAsync(_trainer)).ShouldBe(champion);
    }

    async Task<ModelInfo> ChallengerAsync() =>
        (await _trainer.Http.GetFromJsonAsync("/v1/models/challenger?group=any", ContractJson.Default.ModelInfo, TestContext.Current.CancellationToken))!;

    Task SayAsync(params FeedbackEvent[] words) => _trainer.Service<FeedbackStore>().TakeAsync(words, TestContext.Current.CancellationToken);

    Task JudgeAsync() => _trainer.Service<ChallengerJudge>().JudgeAsync(TestContext.Current.CancellationToken);

    async Task ReportAsync(params ShadowReport[] reports)
    {
        foreach (var report in reports)
        {
            await _predictor.Service<KeyedPublisher>().PublishAsync(
                Components.Broadcast, Topics.Control, new Outgoing<ControlEvent>(report.Challenger, $"{report.Producer}-{report.Ticks}", new ControlEvent { Shadow = report }),
                ContractJson.Default.ControlEvent, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The version that is champion now, or why not.</summary>
    async Task<(HttpStatusCode Status, string? Text)> PostAsync(string path)
    {
        using var response = await _trainer.Http.PostAsync(path, content: null, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        if (!response.IsSuccessStatusCode)
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        return (response.StatusCode, body.GetProperty(response.IsSuccessStatusCode ? "version" : "detail").GetString());
    }
}
