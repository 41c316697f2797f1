namespace Forewarn.Alerting.Actions;

/// <summary>What a link does besides acknowledging. Without one, links offer no more than that.</summary>
public interface IActionDoer
{
    /// <summary>Keeps an incident from being told for a while.</summary>
    /// <param name="incidentId">Which incident.</param>
    /// <param name="time">For how long from now.</param>
    /// <param name="who">As the person wrote it; null = said nothing.</param>
    /// <returns>False when there is no such incident.</returns>
    Task<bool> SnoozeAsync(string incidentId, TimeSpan time, string? who, CancellationToken cancellationToken);

    /// <summary>Keeps that an incident was none.</summary>
    /// <returns>False when there is no such incident.</returns>
    Task<bool> FalseAlarmAsync(string incidentId, string? who, CancellationToken cancellationToken);
}
