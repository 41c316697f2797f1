using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;

namespace Forewarn.Predictor;

/// <summary>
/// Holds the challenger, if there is one. It is asked for as the champion is, by a loop of its own: whatever happens to a
/// challenger, the champion goes on.
/// </summary>
sealed class ChallengerHolder(
    ServiceInvoker services, ModelStore store, PredictorOptions options, TimeProvider time, ILogger<ChallengerHolder> logger) : BackgroundService
{
    /// <summary>A challenger that is none any more has become champion, perhaps, and the next one is fetched by another loop: until then, what entities have learned of it stays.</summary>
    static readonly TimeSpan Farewell = TimeSpan.FromMinutes(5);

    readonly Bell _announced = new();
    readonly Lock _gate = new();
    volatile Challenger? _current;
    volatile string? _refused;
    long _left = time.GetTimestamp();

    /// <summary>The model on trial, null without one.</summary>
    public Challenger? Current => _current;

    /// <summary>There is no challenger, and the last one will not become champion any more.</summary>
    public bool IsGone => _current is null && time.GetElapsedTime(Volatile.Read(ref _left)) >= Farewell;

    /// <summary>A model was announced: look now.</summary>
    public void Announce() => _announced.Ring();

    /// <summary>Asks for the challenger, and takes it on trial when it is another or the trial is.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            var info = await services.GetAsync(Apps.Trainer, "v1/models/challenger?group=any", ContractJson.Default.ModelInfo, cancellationToken);
            if (info?.Comparison is not { } trial || info.Version == _refused)
                Replace(static _ => null);
            else if (_current?.IsOn(info) != true && !TryGoOn(info.Version, trial))
                await TakeAsync(info, trial, cancellationToken);
        }
#pragma warning disable CA1031 // Whatever a challenger is about, it must not end a process that works for the champion.
        catch (Exception away) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.ModelUnreachable(logger, away.Message);
        }
    }

    /// <summary>Gives up a challenger that does not work; it is not taken again.</summary>
    public void Discard(Challenger challenger, string reason)
    {
        Refuse(challenger.Model.Version, reason);
        Replace(current => current == challenger ? null : current);
    }

    public override void Dispose()
    {
        base.Dispose();
        _announced.Dispose();
        _current?.Model.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await RefreshAsync(stoppingToken);
            await _announced.WaitAsync(TimeSpan.FromSeconds(options.ModelPollSeconds), time, stoppingToken);
        }
    }

    async Task TakeAsync(ModelInfo info, ModelComparison trial, CancellationToken cancellationToken)
    {
        try
        {
            var model = await store.FetchAsync(info, cancellationToken);
            Replace(_ => new Challenger(model, trial, Now()));
            Log.ChallengerTaken(logger, info.Version, trial.Against);
        }
        catch (ModelRefusedException refused)
        {
            Refuse(info.Version, refused.Message);
            Replace(static _ => null);
        }
    }

    bool TryGoOn(string version, ModelComparison trial)
    {
        lock (_gate)
        {
            if (_current is not { } current || current.Model.Version != version)
                return false;
            _current = current.On(trial, Now());
            return true;
        }
    }

    void Replace(Func<Challenger?, Challenger?> next)
    {
        lock (_gate)
        {
            var before = _current;
            _current = next(before);
            if (before is not null && _current is null)
                Volatile.Write(ref _left, time.GetTimestamp());
            // Whoever scores with it at this moment finishes first: the scorer counts its users.
            if (before is not null && before.Model != _current?.Model)
                before.Model.Dispose();
        }
    }

    void Refuse(string version, string reason)
    {
        if (_refused != version)
            Log.ChallengerRefused(logger, version, reason);
        _refused = version;
    }

    long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
