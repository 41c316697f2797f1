using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;

namespace Forewarn.Predictor;

/// <summary>
/// Holds the budgets in use. Alerting broadcasts them when they change; it is asked at the start and every 30 s besides, in case
/// that was lost. Without any, every entity has the budget of the options.
/// </summary>
sealed class BudgetHolder(ServiceInvoker services, DetectorOptions usual, TimeProvider time, ILogger<BudgetHolder> logger) : BackgroundService
{
    static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(30);

    readonly Lock _gate = new();
    volatile EntityBudgets _budgets = EntityBudgets.None;

    /// <summary>False alarms a week that are accepted of an entity.</summary>
    public double Of(string entity) => _budgets.Of(entity) ?? usual.FalseAlarmsPerWeek;

    /// <summary>Takes what was broadcast; of two the later holds.</summary>
    public void Take(BudgetShares shares)
    {
        lock (_gate)
        {
            if (shares.At > _budgets.At)
                Replace(shares);
        }
    }

    /// <summary>Asks alerting. Nothing shared out is an answer; no answer leaves what there is.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var before = _budgets;
        try
        {
            var shares = await services.GetAsync(Apps.Alerting, "v1/budgets/shares", ContractJson.Default.BudgetShares, cancellationToken);
            if (shares is not null)
                Take(shares);
            else
                Forget(before);
        }
        catch (Exception away) when (away is HttpRequestException or JsonException || (away is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Log.BudgetsUnreachable(logger, away.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(AskEvery, time);
        do
            await RefreshAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // Unless some were broadcast while the question was under way.
    void Forget(EntityBudgets asked)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_budgets, asked) || ReferenceEquals(asked, EntityBudgets.None))
                return;
            _budgets = EntityBudgets.None;
            Log.BudgetsGone(logger, usual.FalseAlarmsPerWeek);
        }
    }

    void Replace(BudgetShares shares)
    {
        _budgets = new EntityBudgets(shares);
        Log.BudgetsTaken(logger, shares.Shares.Count, _budgets.Named);
    }
}
