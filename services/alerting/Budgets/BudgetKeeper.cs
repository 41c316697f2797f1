using System.Globalization;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Budgets;

/// <summary>Counts who shares each budget and tells predictors what each entity may use. Without budgets their own option holds and nothing is told.</summary>
sealed class BudgetKeeper : BackgroundService
{
    static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    /// <summary>History starts beside this service, so the first count fails now and then.</summary>
    static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    const int RetriesUntilSaid = 15;

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

    /// <summary>What each entity may use; no shares without budgets, and null while entities have not been counted.</summary>
    public BudgetShares? Shares => _shares
        ?? (_config.Current.Config.Budgets.Count == 0 ? new BudgetShares { Shares = [], At = _config.Current.LoadedAt } : null);

    public override void Dispose()
    {
        _config.Changed -= CountSoon;
        _soon.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CountAsync(stoppingToken);
                failures = 0;
            }
            catch (Exception outage) when (Outages.IsOutage(outage, stoppingToken))
            {
                failures++;
                if (failures % RetriesUntilSaid == 0)
                    Log.BudgetsNotCounted(_logger, outage.Message);
            }
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(_soon.WaitAsync(enough.Token), Task.Delay(failures == 0 ? Period : Retry, _time, enough.Token));
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
