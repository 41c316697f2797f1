using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;
using Forewarn.Testing;
using static Forewarn.Trainer.Tests.TrainerCalls;

namespace Forewarn.Trainer.Tests;

/// <summary>The whole service on the embedded sidecar: registry, store, events, history.</summary>
public sealed class TrainerServiceTests
{
    readonly ConcurrentQueue<ModelEvent> _models = [];
    readonly ConcurrentQueue<JobEvent> _jobs = [];

    [Fact]
    public async Task An_empty_store_gets_a_first_model_that_any_predictor_can_load_and_a_restart_keeps_it()
    {
        await using var platform = await SidecarRig.StartAsync();
        await ListenAsync(platform);
        var trainer = await platform.AddTrainerAsync();
        var champion = await ChampionAsync(trainer);

        champion.TrainedOn.ShouldBe("generated");
        champion.State.ShouldBe(ModelState.Champion);
        using (var model = await trainer.Service<ModelStore>().FetchAsync(champion, TestContext.Current.CancellationToken))
            model.Manifest.Metrics["maxAbsDiff"].ShouldBeLessThan(1e-5);
        Directory.GetFiles(platform.ModelFiles).Select(Path.GetFileName).ShouldBe(
            [$"{champion.Version}.json", $"{champion.Version}.md", $"{champion.Version}.onnx.0"], ignoreOrder: true);
        await Eventually.Async("the model to be announced", Limit, () => Task.FromResult(_models.Any(e => e.Model.Version == champion.Version)));

        await platform.RemoveAsync(trainer);
        var again = await platform.AddTrainerAsync();
        (await ChampionAsync(again)).ShouldBe(champion);
        (await again.Service<RegistryStore>().ReadAsync(TestContext.Current.CancellationToken)).Jobs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_champion_that_reads_rows_of_an_older_version_is_replaced_at_the_start()
    {
        await using var platform = await SidecarRig.StartAsync();
        var before = await platform.AddTrainerAsync();
        var old = await ChampionAsync(before) with { Version = "0ld0000000000000", FeatureSpec = "f1", RowSpec = "r1", TrainedOn = "history" };
        await before.Service<RegistryStore>().ChangeAsync(document => document with { Models = [old] }, TestContext.Current.CancellationToken);
        await platform.RemoveAsync(before);

        var trainer = await platform.AddTrainerAsync();
        await Eventually.Async("a model of today's rows", Limit, async () => (await ChampionAsync(trainer)).Version != old.Version);

        var champion = await ChampionAsync(trainer);
        (champion.FeatureSpec, champion.RowSpec, champion.TrainedOn).ShouldBe((Analytics.FeatureSpec.Version, Analytics.RowSpec.Version, "generated"));
        using var model = await trainer.Service<ModelStore>().FetchAsync(champion, TestContext.Current.CancellationToken);
        (await ModelsAsync(trainer)).Select(info => (info.Version, info.State)).ShouldBe(
            [(champion.Version, ModelState.Champion), (old.Version, ModelState.Retired)]);
    }

    [Fact]
    public async Task Two_replicas_on_an_empty_store_train_once()
    {
        await using var platform = await SidecarRig.StartAsync();
        var both = await Task.WhenAll(platform.AddTrainerAsync(), platform.AddTrainerAsync());

        (await ChampionAsync(both[0])).ShouldBe(await ChampionAsync(both[1]));
        (await both[0].Service<RegistryStore>().ReadAsync(TestContext.Current.CancellationToken)).Jobs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Training_reads_history_without_incidents_reports_its_progress_and_replaces_the_generated_champion()
    {
        await using var platform = await SidecarRig.StartAsync();
        var history = new FakeHistory(ticks: 2000);
        history.Incidents.Add(FakeHistory.Incident(history.At(500), history.At(800)));
        await history.StartAsync(platform);
        await ListenAsync(platform);
        var trainer = await platform.AddTrainerAsync("MinHistoryRows=1000");
        var first = await ChampionAsync(trainer);
        var job = await EndedAsync(trainer, await StartAsync(trainer));

        job.Message.ShouldContain("is champion");
        job.Status.ShouldBe(JobStatus.Succeeded);
        var champion = await ChampionAsync(trainer);
        champion.Version.ShouldBe(job.Model);
        champion.Version.ShouldNotBe(first.Version);
        champion.Parent.ShouldBe(first.Version);
        champion.TrainedOn.ShouldBe("history+generated");
        using var model = await trainer.Service<ModelStore>().FetchAsync(champion, TestContext.Current.CancellationToken);
        // (2,000 ticks - 60 to warm up - 421 in the incident and a minute around it) / 4, give or take the edges.
        model.Manifest.Training.HistoryRows.ShouldBeInRange(377, 382);
        model.Manifest.Training.Entities.ShouldBe(1);
        (await ModelsAsync(trainer)).Select(m => (m.Version, m.State)).ShouldBe(
            [(champion.Version, ModelState.Champion), (first.Version, ModelState.Retired)]);
        await Eventually.Async("every step to be announced", Limit, () => Task.FromResult(_jobs.Any(e => e.Id == job.Id && e.Status == JobStatus.Succeeded)));
        var steps = _jobs.Where(e => e.Id == job.Id).OrderBy(e => e.Progress).Select(e => e.Message).ToArray();
        foreach (var step in new[] { "reading history", "generating", "growing 100 trees", "calibrating", "exporting" })
            steps.ShouldContain(message => message.Contains(step, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_training_is_refused_while_one_runs_and_the_same_rows_change_nothing()
    {
        await using var platform = await SidecarRig.StartAsync();
        var history = new FakeHistory(ticks: 40) { Gate = new TaskCompletionSource() };
        await history.StartAsync(platform);
        var trainer = await platform.AddTrainerAsync();
        var first = await ChampionAsync(trainer);
        var running = await StartAsync(trainer);

        using var refused = await trainer.Http.PostAsync("/v1/train", content: null, TestContext.Current.CancellationToken);
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("job").GetString().ShouldBe(running.Id);

        history.Gate.SetResult();
        var job = await EndedAsync(trainer, running);
        job.Status.ShouldBe(JobStatus.Succeeded);
        // Forty ticks warm no series up: the rows are those of the first model.
        job.Message.ShouldContain("stays champion");
        (await ChampionAsync(trainer)).ShouldBe(first);
    }

    [Fact]
    public async Task A_history_that_does_not_answer_fails_the_job_with_the_reason_and_the_next_one_can_start()
    {
        await using var platform = await SidecarRig.StartAsync();
        var history = new FakeHistory(ticks: 40) { Broken = true };
        await history.StartAsync(platform);
        var trainer = await platform.AddTrainerAsync();
        var first = await ChampionAsync(trainer);
        var failed = await EndedAsync(trainer, await StartAsync(trainer));

        failed.Status.ShouldBe(JobStatus.Failed);
        failed.Message.ShouldContain("503");
        (await ChampionAsync(trainer)).ShouldBe(first);
        history.Broken = false;
        (await EndedAsync(trainer, await StartAsync(trainer))).Status.ShouldBe(JobStatus.Succeeded);
    }

    [Fact]
    public async Task Writers_of_the_registry_lose_no_change_to_each_other()
    {
        await using var platform = await SidecarRig.StartAsync();
        var trainer = await platform.AddTrainerAsync();
        await ChampionAsync(trainer);
        var checkpoints = trainer.Service<CheckpointStore>();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            var registry = new RegistryStore(checkpoints);
            for (var i = 0; i < 5; i++)
            {
                var model = Samples.Model($"{writer}-{i}");
                await registry.ChangeAsync(document => document with { Models = [.. document.Models, model] }, TestContext.Current.CancellationToken);
            }
        })));

        (await ModelsAsync(trainer)).Count.ShouldBe(41);
    }

    [Fact]
    public async Task A_model_whose_file_was_changed_in_the_store_is_refused()
    {
        await using var platform = await SidecarRig.StartAsync();
        var trainer = await platform.AddTrainerAsync();
        var champion = await ChampionAsync(trainer);
        var part = Path.Combine(platform.ModelFiles, $"{champion.Version}.onnx.0");
        var bytes = await File.ReadAllBytesAsync(part, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(part, bytes, TestContext.Current.CancellationToken);
        var store = new ModelStore(trainer.Service<Dapr.Client.DaprClient>(), Path.Combine(platform.Directory, "empty-cache"));

        var refused = await Should.ThrowAsync<ModelRefusedException>(() => store.FetchAsync(champion, TestContext.Current.CancellationToken));
        refused.Message.ShouldContain("damaged or was changed");
        // The trainer's own cache still holds the true file.
        using var cached = await trainer.Service<ModelStore>().FetchAsync(champion, TestContext.Current.CancellationToken);
        cached.Version.ShouldBe(champion.Version);
    }

    [Fact]
    public async Task Unknown_jobs_and_a_missing_model_are_problems_not_outages()
    {
        await using var platform = await SidecarRig.StartAsync();
        var trainer = await platform.AddTrainerAsync();
        await ChampionAsync(trainer);

        using var unknown = await trainer.Http.GetAsync("/v1/jobs/none", TestContext.Current.CancellationToken);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        unknown.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    Task<SidecarApp> ListenAsync(SidecarRig platform) => platform.AddAsync(Apps.Predictor, _ => { }, app =>
    {
        app.MapBulkSubscription(Components.Broadcast, Topics.Models, ContractJson.Default.ModelEvent, (events, _) => Take(_models, events));
        app.MapBulkSubscription(Components.Broadcast, Topics.Jobs, ContractJson.Default.JobEvent, (events, _) => Take(_jobs, events));
    });

    static Task Take<T>(ConcurrentQueue<T> queue, IReadOnlyList<T> events)
    {
        foreach (var item in events)
            queue.Enqueue(item);
        return Task.CompletedTask;
    }
}
