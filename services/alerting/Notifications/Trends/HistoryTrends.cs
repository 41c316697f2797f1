using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Notifications;

/// <summary>Asks history for the trend of an incident's main series; an alert does not wait for it longer than it takes to blink.</summary>
sealed class HistoryTrends(ServiceInvoker services, ILogger<HistoryTrends> logger, TimeProvider time)
{
    public static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(150);

    const long WindowMs = 600_000;
    const int StepMs = 10_000;

    /// <param name="incident">Whose first contributor, or predicted series, is shown.</param>
    /// <param name="points">At most.</param>
    /// <returns>Null when there is none in time.</returns>
    public async Task<Trend?> FindAsync(IncidentEvent incident, int points, CancellationToken cancellationToken)
    {
        if ((incident.Prediction?.Series ?? (incident.Contributors is [var first, ..] ? first.Series : null)) is not { Length: > 0 } series)
            return null;
        var to = (incident.ResolvedAt ?? incident.UpdatedAt) + 1000;
        var path = FormattableString.Invariant(
            $"v1/range?entity={Uri.EscapeDataString(incident.Entity)}&series={Uri.EscapeDataString(series)}&from={Math.Max(0, to - WindowMs)}&to={to}&step={StepMs}");
        using var limit = new CancellationTokenSource(Budget, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await services.GetAsync(Apps.History, path, ContractJson.Default.RangeResult, either.Token) is { } range ? Trend.Of(range, points) : null;
        }
        catch (Exception missing) when (missing is JsonException || (Outage.Is(missing) && !cancellationToken.IsCancellationRequested))
        {
            Log.NoTrend(logger, incident.Id, missing.Message);
            return null;
        }
    }
}
