using System.Globalization;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Grpc.Core;

namespace Forewarn.Alerting.Silences;

/// <summary>Tells the other replicas that silences have changed. They poll too, so an announcement that is lost costs seconds.</summary>
sealed class SilenceAnnouncer(KeyedPublisher publisher, ILogger<SilenceAnnouncer> logger)
{
    /// <param name="id">Of the silence.</param>
    /// <param name="now">Unix milliseconds.</param>
    public async Task TellAsync(string id, long now, CancellationToken cancellationToken)
    {
        try
        {
            var message = new Outgoing<ControlEvent>("silences", string.Create(CultureInfo.InvariantCulture, $"silence-{id}-{now}"), new ControlEvent { Silences = new SilencesChanged(now) });
            await publisher.PublishAsync(Components.Broadcast, Topics.Control, message, ContractJson.Default.ControlEvent, cancellationToken);
        }
        catch (RpcException outage)
        {
            Log.SilencesNotAnnounced(logger, outage.Status.Detail);
        }
    }
}
