using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>Hears how deliveries fare: each first failure, each success, each one given up.</summary>
public interface IDeliveryReports
{
    /// <summary>
    /// Called outside of every turn of a queue, at least once for the newest outcome of each receiver and channel: a repeat carries the
    /// same state. An incident that is not known is left alone. An exception means: again later.
    /// </summary>
    /// <param name="incidentId">Which incident.</param>
    /// <param name="state">The outcome.</param>
    /// <param name="at">When it was, unix milliseconds.</param>
    Task ReportAsync(string incidentId, DeliveryState state, long at, CancellationToken cancellationToken);
}
