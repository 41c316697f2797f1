using System.Net;
using System.Net.Http.Json;
using Forewarn.Contracts;
using Forewarn.Testing;

namespace Forewarn.Trainer.Tests;

/// <summary>What tests ask of a running trainer.</summary>
static class TrainerCalls
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    public static async Task<ModelInfo> ChampionAsync(SidecarApp trainer)
    {
        await Eventually.Async("the trainer to be ready", Limit, async () =>
            (await trainer.Http.GetAsync("/healthz/ready", TestContext.Current.CancellationToken)).IsSuccessStatusCode);
        var champion = await trainer.Http.GetFromJsonAsync("/v1/models/champion?group=any", ContractJson.Default.ModelInfo, TestContext.Current.CancellationToken);
        return champion.ShouldNotBeNull();
    }

    public static async Task<IReadOnlyList<ModelInfo>> ModelsAsync(SidecarApp trainer) =>
        (await trainer.Http.GetFromJsonAsync("/v1/models", ContractJson.Default.PageModelInfo, TestContext.Current.CancellationToken))!.Items;

    public static async Task<JobEvent> StartAsync(SidecarApp trainer)
    {
        using var started = await trainer.Http.PostAsync("/v1/train", content: null, TestContext.Current.CancellationToken);
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var job = await started.Content.ReadFromJsonAsync(ContractJson.Default.JobEvent, TestContext.Current.CancellationToken);
        started.Headers.Location!.ToString().ShouldBe($"/v1/jobs/{job!.Id}");
        return job;
    }

    public static async Task<JobEvent> EndedAsync(SidecarApp trainer, JobEvent job)
    {
        JobEvent? seen = null;
        await Eventually.Async("the training to end", Limit, async () =>
        {
            seen = await trainer.Http.GetFromJsonAsync($"/v1/jobs/{job.Id}", ContractJson.Default.JobEvent, TestContext.Current.CancellationToken);
            return seen!.Status != JobStatus.Running;
        }, () => seen?.Message ?? "");
        return seen!;
    }

    /// <summary>Trains from start to end.</summary>
    public static async Task<JobEvent> TrainAsync(SidecarApp trainer) => await EndedAsync(trainer, await StartAsync(trainer));
}
