using System.Net;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using static Forewarn.Trainer.Tests.TrainerCalls;

namespace Forewarn.Trainer.Tests;

/// <summary>Trainings that the clock starts.</summary>
public sealed class ScheduleTests
{
    [Fact]
    public async Task The_binding_reaches_two_replicas_again_and_again_and_one_trains_once()
    {
        await using var platform = await SidecarRig.StartAsync(SidecarRig.Component(Components.TrainSchedule, "bindings.cron", ("schedule", "@every 1s")));
        var history = new FakeHistory(ticks: 300);
        await history.StartAsync(platform);
        var calls = 0;
        SidecarApp[] trainers = [await AddAsync(), await AddAsync()];
        foreach (var trainer in trainers)
            await ChampionAsync(trainer);

        await Eventually.Async("the scheduled training to end", Limit, async () => (await ScheduledAsync(trainers[0])) is [{ Status: JobStatus.Succeeded }]);
        var seen = Volatile.Read(ref calls);
        await Eventually.Async("the binding to call on", Limit, () => Task.FromResult(Volatile.Read(ref calls) >= seen + 4));

        (await ScheduledAsync(trainers[1])).Count.ShouldBe(1);

        Task<SidecarApp> AddAsync() => platform.AddTrainerAsync(app => app.Use((context, next) =>
        {
            if (context.Request.Path == "/train-schedule" && HttpMethods.IsPost(context.Request.Method))
                Interlocked.Increment(ref calls);
            return next();
        }), "MinHistoryRows=1000");
    }

    [Fact]
    public async Task A_call_while_a_training_runs_is_no_error_and_starts_none()
    {
        await using var platform = await SidecarRig.StartAsync();
        var history = new FakeHistory(ticks: 300) { Gate = new TaskCompletionSource() };
        await history.StartAsync(platform);
        var trainer = await platform.AddTrainerAsync("MinHistoryRows=1000");
        await ChampionAsync(trainer);
        var job = await StartAsync(trainer);

        using var answer = await trainer.Http.PostAsync("/train-schedule", content: null, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty("Dapr acts on what a binding answers");
        (await ScheduledAsync(trainer)).ShouldBeEmpty();

        history.Gate.SetResult();
        (await EndedAsync(trainer, job)).Status.ShouldBe(JobStatus.Succeeded);
    }

    [Fact]
    public async Task A_second_call_counts_after_the_gap_whichever_replica_hears_it()
    {
        await using var platform = await SidecarRig.StartAsync();
        await new FakeHistory(ticks: 300).StartAsync(platform);
        SidecarApp[] trainers = [await platform.AddTrainerAsync("MinHistoryRows=1000"), await platform.AddTrainerAsync("MinHistoryRows=1000")];
        foreach (var trainer in trainers)
            await ChampionAsync(trainer);

        var first = (await BeginAsync(trainers[0], TimeSpan.FromMinutes(10))).Event.ShouldNotBeNull();
        (await EndedAsync(trainers[0], first)).Status.ShouldBe(JobStatus.Succeeded);
        var soon = await BeginAsync(trainers[1], TimeSpan.FromMinutes(10));
        (soon.Job, soon.Event).ShouldBe((null, null), "nothing runs, and it began only just now");

        await EndedAsync(trainers[0], await StartAsync(trainers[0]));
        (await BeginAsync(trainers[1], TimeSpan.FromMinutes(10))).Job.ShouldBeNull("a training by hand is none of the schedule");
        var later = (await BeginAsync(trainers[1], TimeSpan.FromMilliseconds(1))).Event.ShouldNotBeNull();
        later.Trigger.ShouldBe(JobTrigger.Schedule);
        (await EndedAsync(trainers[1], later)).Status.ShouldBe(JobStatus.Succeeded);
    }

    static Task<(RunningJob? Job, JobEvent? Event)> BeginAsync(SidecarApp trainer, TimeSpan gap) => trainer.Service<TrainingJobs>().StartAsync(
        trainer.Service<ModelRecipes>().Standard, JobTrigger.Schedule, gap, TestContext.Current.CancellationToken);

    static async Task<IReadOnlyList<JobEvent>> ScheduledAsync(SidecarApp trainer) =>
        [.. (await trainer.Service<RegistryStore>().ReadAsync(TestContext.Current.CancellationToken)).Jobs.Where(job => job.Trigger == JobTrigger.Schedule)];
}
