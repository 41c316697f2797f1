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
    readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    volatile GroupServing _serving = GroupServing.None();

    /// <summary>What is in use now, held: leave it when all verdicts are made.</summary>
    public GroupServing Hold()
    {
        while (true)
        {
            var serving = _serving;
            if (serving.TryHold())
                return serving;
        }
    }

    /// <summary>A model was announced: look now.</summary>
    public void Announce() => _announced.Ring();

    /// <summary>Asks for the champions and takes those into use that are new.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            var champions = await services.GetAsync(Apps.Trainer, "v1/models/champions", ContractJson.Default.PageModelInfo, cancellationToken);
            if (champions is not null)
                await TakeAsync([.. champions.Items.Where(model => model.Kind == Joint).DistinctBy(model => model.Group, StringComparer.Ordinal)], cancellationToken);
        }
        catch (Exception away) when (away is HttpRequestException or JsonException || (away is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Log.ModelUnreachable(logger, away.Message);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _announced.Dispose();
        Serve([]);
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
        var before = _serving.Models;
        var next = new List<LoadedModel>();
        foreach (var champion in champions)
        {
            var own = before.FirstOrDefault(model => model.Manifest.Group == champion.Group);
            // Until the new one is there, what the group has had goes on.
            if (own?.Version != champion.Version)
                own = await FetchAsync(champion, cancellationToken) ?? own;
            if (own is not null)
                next.Add(own);
        }
        if (next.Count == before.Count && !next.Except(before).Any())
            return;
        Serve(next);
        foreach (var gone in before.Where(model => !next.Exists(one => one.Manifest.Group == model.Manifest.Group)))
            telemetry.Serves(gone.Manifest.Group, version: null);
        foreach (var model in next.Except(before))
        {
            telemetry.Serves(model.Manifest.Group, model.Version);
            Log.GroupModelTaken(logger, model.Version, model.Manifest.Group, model.Manifest.Training.Entities);
        }
    }

    void Serve(IReadOnlyList<LoadedModel> models)
    {
        var before = _serving;
        _serving = before.Replace(models);
        before.Leave();
    }

    async Task<LoadedModel?> FetchAsync(ModelInfo champion, CancellationToken cancellationToken)
    {
        try
        {
            var model = await store.FetchAsync(champion, cancellationToken);
            if (model.Joint is not null && model.Manifest.Group == champion.Group)
            {
                _refused.Remove(champion.Version);
                _missing.Remove(champion.Version);
                return model;
            }
            model.Dispose();
            throw new ModelRefusedException($"Model {champion.Version} is registered as {Joint} of group {champion.Group}; its file is {model.Manifest.Kind} of group {model.Manifest.Group}.");
        }
        catch (ModelRefusedException refused)
        {
            if (_refused.Add(champion.Version))
                Log.ModelRefused(logger, champion.Version, refused.Message);
        }
        catch (Exception away) when (away is Dapr.DaprException or RpcException)
        {
            if (_missing.Add(champion.Version))
                Log.ModelMissing(logger, champion.Version, away.InnerException?.Message ?? away.Message);
        }
        return null;
    }
}
