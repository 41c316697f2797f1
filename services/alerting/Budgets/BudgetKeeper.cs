using System.Globalization;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Budgets;

/// <summary>Counts who shares each budget and tells predictors what each entity may use. Without budgets their own option holds and nothing is told.</summary>
sealed class BudgetKeeper : BackgroundService
{
    static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    readonly AlertConfigSource _config;
    readonly EntityDirectory _entities;
    readonly KeyedPublisher _publisher;
    readonly TimeProvider _time;
    readonly ILogger<BudgetKeeper> _logger;
    readonly SemaphoreSlim _soon = new(0, 1);
    volatile BudgetShares? _shares;

    public BudgetKeeper(AlertConfigSource config, EntityDirectory entities, KeyedPublisher publisher, TimeProvider time, ILogger<BudgetKeeper> logger)
    {
        (_config, _entities, _publisher, _time, _logger) = (config, entities, publisher, time, logger);
        config.Changed += CountSoon;
    }

    /// <summary>What each entity may use; none without budgets.</summary>
    /// <exception cref="NotReadyException">Entities have not been counted yet.</exception>
    public BudgetShares Shares => _shares ?? (_config.Current.Config.Budgets.Count == 0
        ? new BudgetShares { Shares = [], At = _config.Current.LoadedAt }
        : throw new NotReadyException("The entities of the budgets have not been counted yet; history may be starting."));

    public override void Dispose()
    {
        _config.Changed -= CountSoon;
        _soon.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CountAsync(stoppingToken);
            }
            catch (Exception outage) when (Outages.IsOutage(outage, stoppingToken))
            {
                Log.BudgetsNotCounted(_logger, outage.Message);
            }
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(_soon.WaitAsync(enough.Token), Task.Delay(Period, _time, enough.Token));
            await enough.CancelAsync();
        }
    }

    internal async Task CountAsync(CancellationToken cancellationToken)
    {
        var budgets = _config.Current.Config.Budgets;
        // Budgets that were taken out of the file are taken back once.
        if (budgets.Count == 0 && _shares is not { Shares.Count: > 0 })
            return;
        var shares = BudgetCount.SharesOf(await SplitAsync(cancellationToken), _time.GetUtcNow().ToUnixTimeMilliseconds());
        // Before it is told: whoever asks meanwhile, or misses what is told, gets the truth.
        _shares = shares;
        var id = string.Create(CultureInfo.InvariantCulture, $"budgets-{shares.At}");
        await _publisher.PublishAsync(
            Components.Broadcast, Topics.Control, new Outgoing<ControlEvent>("budgets", id, new ControlEvent { Budgets = shares }), ContractJson.Default.ControlEvent, cancellationToken);
    }

    /// <summary>The budgets that hold, each with its entities.</summary>
    public async Task<IReadOnlyList<(Budget Budget, IReadOnlyList<string> Entities)>> SplitAsync(CancellationToken cancellationToken)
    {
        var budgets = _config.Current.Config.Budgets;
        return budgets.Count == 0 ? [] : BudgetCount.Split(budgets, await _entities.ReadAsync(budgets.Any(budget => budget.Match.Labels.Count > 0), cancellationToken));
    }

    void CountSoon(object? sender, EventArgs change)
    {
        try
        {
            _soon.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is about to count anyway.
        }
    }
}
