using System.Globalization;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>The newest preview.</summary>
sealed record PreviewDocument
{
    public int V { get; init; } = 1;
    public FeedbackPreview? Latest { get; init; }
}

/// <summary>Keeps the newest preview.</summary>
sealed class PreviewStore(CheckpointStore state)
    : SharedDocument<PreviewDocument>(state, "preview", "preview", RegistryJson.Default.PreviewDocument);

/// <summary>A time of an entity to replay.</summary>
readonly record struct PreviewWindow(string Entity, long From, long To);

/// <summary>Replays the newest days of history with the champion and with a model that has learned the feedback, side by side.</summary>
sealed class PreviewReplay(
    RegistryStore registry, FeedbackStore feedback, HistoryReader history, LabelReplay labels, ModelStore store, PreviewStore previews,
    TrainerOptions options, TimeProvider time)
{
    /// <summary>More would be neither read nor replayed in a time that anybody waits.</summary>
    const int MostEntities = 50;

    /// <param name="job">Reports from <paramref name="done"/> on.</param>
    /// <param name="model">The model that has learned the feedback; it is not published.</param>
    /// <param name="days">How far back.</param>
    /// <param name="done">Share of the job that is done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    /// <exception cref="ModelRefusedException">The champion's file is damaged.</exception>
    public async Task RunAsync(RunningJob job, TrainedModel model, int days, double done, CancellationToken cancellationToken)
    {
        if ((await registry.ReadAsync(cancellationToken)).ChampionOf(ModelGroups.Any) is not { } info)
            throw new InvalidOperationException("There is no champion to compare with.");
        using var champion = await store.FetchAsync(info, cancellationToken);
        using var scorer = OnnxScorer.Load(model.Onnx);
        ReplayModel[] models = [ReplayModel.Of(champion), new(model.Manifest.Version, scorer, model.Manifest.Prior, OnlineModel.Of(scorer))];
        var (windows, leftOut) = Plan(
            await history.EntitiesAsync(cancellationToken), time.GetUtcNow().ToUnixTimeMilliseconds(), days, options.PreviewTicks);
        var entities = new List<PreviewedEntity>();
        foreach (var window in windows)
        {
            await job.ReportAsync(
                done + ((0.95 - done) * entities.Count / windows.Count),
                string.Create(CultureInfo.InvariantCulture, $"replaying {window.Entity}, {entities.Count + 1} of {windows.Count}"), cancellationToken);
            entities.Add(await ReplayAsync(window, models, cancellationToken));
        }
        await job.ReportAsync(0.95, "replaying what people labelled", cancellationToken);
        var chosen = labels.Choose(await feedback.ReadAsync(cancellationToken));
        var learned = model.Manifest.Training.Feedback;
        var preview = new FeedbackPreview
        {
            Job = job.Id,
            At = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Champion = info.Version,
            FalseAlarms = learned?.FalseAlarms ?? 0,
            Useful = learned?.Useful ?? 0,
            Missed = learned?.Missed ?? 0,
            Entities = entities,
            EntitiesLeftOut = leftOut,
            Labels = await labels.RunAsync(chosen, models[0], models[1], new DetectorOptions(), cancellationToken),
        };
        await previews.ChangeAsync(_ => new PreviewDocument { Latest = preview }, cancellationToken);
        await job.EndAsync(JobStatus.Succeeded, Summary(preview), model: null, cancellationToken);
    }

    /// <summary>The newest <paramref name="days"/> of each entity, or as much of them as <paramref name="mostTicks"/> leaves room for.</summary>
    internal static (IReadOnlyList<PreviewWindow> Windows, int LeftOut) Plan(IReadOnlyList<EntityInfo> entities, long now, int days, int mostTicks)
    {
        var since = now - (days * 86_400_000L);
        var seen = entities.Where(entity => entity.LastSeen >= since).OrderBy(entity => entity.Entity, StringComparer.Ordinal).ToList();
        var chosen = seen.Take(MostEntities).ToList();
        var each = chosen.Count == 0 ? 0 : mostTicks / chosen.Count * 1000L;
        return ([.. chosen.Select(entity => WindowOf(entity, Math.Max(since, Math.Min(now, entity.LastSeen + 1) - each)))], seen.Count - chosen.Count);

        PreviewWindow WindowOf(EntityInfo entity, long from) =>
            new(entity.Entity, Math.Max(from, entity.FirstSeen), Math.Min(now, entity.LastSeen + 1));
    }

    async Task<PreviewedEntity> ReplayAsync(PreviewWindow window, ReplayModel[] models, CancellationToken cancellationToken)
    {
        var replay = new DecisionReplay(models, new DetectorOptions());
        await foreach (var (t, schema, values) in history.SamplesAsync(window.Entity, window.From, window.To, cancellationToken))
            replay.Add(t, schema, values);
        // What opens while the calibration settles says nothing of a model.
        var counted = Math.Min(window.To, window.From + LabelReplay.LeadInMs);
        var opened = replay.Finish().Select(episodes => episodes.Count(episode => episode.From >= counted)).ToArray();
        return new PreviewedEntity
        {
            Entity = window.Entity,
            From = counted,
            To = window.To,
            Ticks = replay.Ticks,
            Before = opened[0],
            After = opened[1],
        };
    }

    static string Summary(FeedbackPreview preview) => string.Create(
        CultureInfo.InvariantCulture,
        $"With the feedback learned, {preview.Entities.Count} entities would have had {preview.Entities.Sum(entity => entity.After)} incidents instead of {preview.Entities.Sum(entity => entity.Before)}; {preview.Labels.ChallengerFound} of {preview.Labels.Incidents} labelled ones would be found, {preview.Labels.ChallengerRepeated} of {preview.Labels.FalseAlarms} false alarms repeated.");
}
