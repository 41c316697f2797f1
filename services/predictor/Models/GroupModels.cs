using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;
using Grpc.Core;

namespace Forewarn.Predictor;

/// <summary>
/// Holds the joint models of groups. Asks the trainer for all champions whenever a model is announced and every 30 s besides; a
/// newcomer that is refused or cannot be fetched leaves its group with what it has, and no group disturbs another.
/// </summary>
sealed class GroupModels(
    ServiceInvoker services, ModelStore store, PredictorOptions options, TimeProvider time, Telemetry telemetry, ILogger<GroupModels> logger) : BackgroundService
{
    const string Joint = "joint";

    readonly Bell _announced = new();
    readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    volatile Serving _serving = Serving.None;
    List<LoadedModel> _replaced = [];

    /// <summary>The model that judges an entity jointly; null when its group has none.</summary>
    /// <param name="entity">Its name: a model that has learned from it is its own, even when its columns have changed since.</param>
    /// <param name="schema">Hash of its columns.</param>
    public LoadedModel? Of(string entity, string schema) => _serving.Of(entity, schema);

    /// <summary>Models in use.</summary>
    public int Count => _serving.Models.Count;

    /// <summary>A model was announced: look now.</summary>
    public void Announce() => _announced.Ring();

    /// <summary>Asks for the champions and takes those into use that are new.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            var champions = await services.GetAsync(Apps.Trainer, "v1/models/champions", ContractJson.Default.PageModelInfo, cancellationToken);
            if (champions is not null)
                await TakeAsync([.. champions.Items.Where(model => model.Kind == Joint)], cancellationToken);
        }
        catch (Exception away) when (away is HttpRequestException or JsonException)
        {
            Log.ModelUnreachable(logger, away.Message);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _announced.Dispose();
        foreach (var model in _serving.Models.Concat(_replaced))
            model.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await RefreshAsync(stoppingToken);
            await _announced.WaitAsync(TimeSpan.FromSeconds(options.ModelPollSeconds), time, stoppingToken);
        }
    }

    async Task TakeAsync(IReadOnlyList<ModelInfo> champions, CancellationToken cancellationToken)
    {
        var before = _serving;
        if (before.Models.Select(model => model.Version).Order(StringComparer.Ordinal).SequenceEqual(champions.Select(model => model.Version).Order(StringComparer.Ordinal), StringComparer.Ordinal))
            return;
        var next = new List<LoadedModel>();
        foreach (var champion in champions)
        {
            var known = before.Models.FirstOrDefault(model => model.Version == champion.Version);
            // Until the new one is there, what the group has had goes on.
            if ((known ?? await FetchAsync(champion, cancellationToken) ?? before.Models.FirstOrDefault(model => model.Manifest.Group == champion.Group)) is { } model)
                next.Add(model);
        }
        _serving = new Serving(next);
        // Deliveries under way may still be reading of what was replaced: it goes when the next is replaced.
        foreach (var model in _replaced)
            model.Dispose();
        _replaced = [.. before.Models.Except(next)];
        foreach (var model in next.Except(before.Models))
        {
            telemetry.Swap();
            Log.GroupModelTaken(logger, model.Version, model.Manifest.Group, model.Manifest.Training.Entities);
        }
    }

    async Task<LoadedModel?> FetchAsync(ModelInfo champion, CancellationToken cancellationToken)
    {
        if (_refused.Contains(champion.Version))
            return null;
        try
        {
            var model = await store.FetchAsync(champion, cancellationToken);
            if (model.Joint is not null)
                return model;
            model.Dispose();
            throw new ModelRefusedException($"Model {champion.Version} is registered as {Joint}, and its file is none.");
        }
        catch (ModelRefusedException refused)
        {
            _refused.Add(champion.Version);
            Log.ModelRefused(logger, champion.Version, refused.Message);
        }
        catch (Exception away) when (away is Dapr.DaprException or RpcException)
        {
            Log.ModelMissing(logger, champion.Version, away.InnerException?.Message ?? away.Message);
        }
        return null;
    }

    /// <summary>Models in use at one time; never changed.</summary>
    sealed class Serving(IReadOnlyList<LoadedModel> models)
    {
        readonly Dictionary<string, LoadedModel> _byEntity = models.SelectMany(model => model.Joint!.Entities.Select(entity => (entity, model)))
            .GroupBy(pair => pair.entity, StringComparer.Ordinal).ToDictionary(pairs => pairs.Key, pairs => pairs.MaxBy(pair => pair.model.Manifest.CreatedAt).model, StringComparer.Ordinal);

        readonly Dictionary<string, LoadedModel> _byGroup = models.ToDictionary(model => model.Manifest.Group, StringComparer.Ordinal);

        public static Serving None { get; } = new([]);

        public IReadOnlyList<LoadedModel> Models => models;

        public LoadedModel? Of(string entity, string schema) => _byEntity.GetValueOrDefault(entity) ?? _byGroup.GetValueOrDefault(schema);
    }
}
