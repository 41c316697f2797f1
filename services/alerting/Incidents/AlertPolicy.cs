using Forewarn.Alerting.Notifications;
using Forewarn.Alerting.Routing;
using Forewarn.Alerting.Silences;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>The configuration file and the silences, as this replica knows them.</summary>
sealed class AlertPolicy(AlertConfigSource config, IncidentRouting routing, SilenceBook silences) : IAlertPolicy, IReceivers
{
    public Task<RoutingPlan> PlanAsync(IncidentEvent incident) => routing.PlanAsync(incident, CancellationToken.None);

    public SilenceInfo? MutedBy(IncidentEvent incident, long now) => silences.MutedBy(incident, now);

    public Receiver? Find(string name) => config.Current.Config.FindReceiver(name);
}
