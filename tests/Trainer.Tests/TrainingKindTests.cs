using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;

namespace Forewarn.Trainer.Tests;

/// <summary>Any kind of model through the whole service: asked for, trained, registered, stored, loadable.</summary>
public sealed class TrainingKindTests
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task An_autoencoder_that_was_asked_for_is_registered_and_scores_like_any_model()
    {
        await using var platform = await SidecarRig.StartAsync();
        await new FakeHistory(ticks: 40).StartAsync(platform);
        var trainer = await platform.AddTrainerAsync("Epochs=3");
        await ReadyAsync(trainer);

        using var started = await trainer.Http.PostAsync("/v1/train?kind=autoencoder", content: null, TestContext.Current.CancellationToken);
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var job = await EndedAsync(trainer, (await started.Content.ReadFromJsonAsync(ContractJson.Default.JobEvent, TestContext.Current.CancellationToken))!.Id);

        job.Status.ShouldBe(JobStatus.Succeeded, job.Message);
        var models = await ModelsAsync(trainer);
        models.Select(model => model.Kind).ShouldBe(["autoencoder", "isolation-forest"], ignoreOrder: true);
        await ScoresAsync(trainer, models.Single(model => model.Version == job.Model));
    }

    [Fact]
    public async Task The_configured_kind_is_that_of_the_first_model()
    {
        await using var platform = await SidecarRig.StartAsync();
        var trainer = await platform.AddTrainerAsync("Kind=autoencoder", "Epochs=3");
        await ReadyAsync(trainer);

        var model = (await ModelsAsync(trainer)).ShouldHaveSingleItem();
        model.Kind.ShouldBe("autoencoder");
        await ScoresAsync(trainer, model);
    }

    [Fact]
    public async Task An_unknown_kind_is_refused_with_the_known_ones()
    {
        await using var platform = await SidecarRig.StartAsync();
        var trainer = await platform.AddTrainerAsync();

        using var refused = await trainer.Http.PostAsync("/v1/train?kind=lstm", content: null, TestContext.Current.CancellationToken);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var detail = (await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("detail").GetString()!;
        detail.ShouldContain("'lstm'");
        detail.ShouldContain("autoencoder, half-space-trees, isolation-forest");
    }

    static async Task ScoresAsync(SidecarApp trainer, ModelInfo info)
    {
        using var model = await trainer.Service<ModelStore>().FetchAsync(info, TestContext.Current.CancellationToken);
        var scores = new float[2];
        float[] rows = [.. new float[RowSpec.Count], .. Enumerable.Repeat(4f, RowSpec.Count)];
        model.Scorer.Score(rows, 2, scores);

        scores[1].ShouldBeGreaterThan(scores[0]);
        model.Manifest.Metrics["maxAbsDiff"].ShouldBeLessThan(1e-5);
    }

    static Task ReadyAsync(SidecarApp trainer) => Eventually.Async("the trainer to be ready", Limit, async () =>
        (await trainer.Http.GetAsync("/healthz/ready", TestContext.Current.CancellationToken)).IsSuccessStatusCode);

    static async Task<IReadOnlyList<ModelInfo>> ModelsAsync(SidecarApp trainer) =>
        (await trainer.Http.GetFromJsonAsync("/v1/models", ContractJson.Default.PageModelInfo, TestContext.Current.CancellationToken))!.Items;

    static async Task<JobEvent> EndedAsync(SidecarApp trainer, string id)
    {
        JobEvent? seen = null;
        await Eventually.Async("the training to end", Limit, async () =>
        {
            seen = await trainer.Http.GetFromJsonAsync($"/v1/jobs/{id}", ContractJson.Default.JobEvent, TestContext.Current.CancellationToken);
            return seen!.Status != JobStatus.Running;
        }, () => seen?.Message ?? "");
        return seen!;
    }
}
