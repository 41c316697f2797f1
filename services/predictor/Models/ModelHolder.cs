using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;
using Grpc.Core;

namespace Forewarn.Predictor;

/// <summary>There is no model to score with yet.</summary>
sealed class NoModelException() : NotReadyException("There is no model yet; the trainer makes one when it starts.");

/// <summary>
/// Holds the model in use. Asks the trainer for the champion at start until there is one, whenever one is announced, and
/// every 30 s in case an announcement was lost; swaps between batches and keeps what it has when a newcomer is refused.
/// </summary>
sealed class ModelHolder(
    ServiceInvoker services, ModelStore store, PredictorOptions options, TimeProvider time, Telemetry telemetry, ILogger<ModelHolder> logger) : BackgroundService
{
    /// <summary>How long a delivery waits for the first model before it goes back to the broker.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    readonly Bell _announced = new();
    readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile Serving? _serving;
    string? _refused;
    string? _missing;

    /// <summary>The model in use, null before the first.</summary>
    public LoadedModel? Current => _serving?.Model;

    /// <summary>When this model became champion, unix milliseconds; null when it is not the one in use.</summary>
    public long? ChampionAtOf(LoadedModel model) => _serving is { } serving && ReferenceEquals(serving.Model, model) ? serving.ChampionAt : null;

    /// <summary>The model in use; waits a little for the first one.</summary>
    /// <exception cref="NoModelException">Still none.</exception>
    public async ValueTask<LoadedModel> RequireAsync(CancellationToken cancellationToken)
    {
        if (Current is { } current)
            return current;
        try
        {
            await _first.Task.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new NoModelException();
        }
        return Current!;
    }

    /// <summary>A model was announced: look now.</summary>
    public void Announce() => _announced.Ring();

    /// <summary>Asks for the champion and takes it into use when it is another. True when a model is in use.</summary>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            var champion = await services.GetAsync(Apps.Trainer, "v1/models/champion?group=any", ContractJson.Default.ModelInfo, cancellationToken);
            if (champion is not null && champion.Version != Current?.Version)
                await TakeAsync(champion, cancellationToken);
            else if (champion is not null && _serving is { } serving)
                _serving = serving with { ChampionAt = champion.ChampionAt ?? 0 };
        }
        catch (Exception away) when (away is HttpRequestException or JsonException || (away is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Log.ModelUnreachable(logger, away.Message);
        }
        return Current is not null;
    }

    public override void Dispose()
    {
        base.Dispose();
        _announced.Dispose();
        Current?.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var ready = await RefreshAsync(stoppingToken);
            await _announced.WaitAsync(ready ? TimeSpan.FromSeconds(options.ModelPollSeconds) : FirstRetry, time, stoppingToken);
        }
    }

    async Task TakeAsync(ModelInfo champion, CancellationToken cancellationToken)
    {
        LoadedModel next;
        try
        {
            next = await store.FetchAsync(champion, cancellationToken);
        }
        catch (ModelRefusedException refused)
        {
            if (_refused != champion.Version)
                Log.ModelRefused(logger, champion.Version, refused.Message);
            _refused = champion.Version;
            return;
        }
        catch (Exception away) when (away is Dapr.DaprException or RpcException)
        {
            if (_missing != champion.Version)
                Log.ModelMissing(logger, champion.Version, away.InnerException?.Message ?? away.Message);
            _missing = champion.Version;
            return;
        }
        var before = Current;
        _serving = new Serving(next, champion.ChampionAt ?? 0);
        (_refused, _missing) = (null, null);
        _first.TrySetResult();
        telemetry.Serves(ModelGroups.Any, next.Version);
        Log.ModelSwapped(logger, next.Version, champion.TrainedOn, champion.Rows);

        // Whoever scores with it at this moment finishes first: the scorer counts its users.
        before?.Dispose();
    }

    sealed record Serving(LoadedModel Model, long ChampionAt);
}
