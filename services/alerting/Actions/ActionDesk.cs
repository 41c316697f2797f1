using Forewarn.Alerting.Endpoints;
using Forewarn.Alerting.Incidents;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Actions;

/// <summary>Reads links and does what they permit.</summary>
sealed class ActionDesk(SigningKey key, IncidentDesk incidents, ServiceInvoker services, TimeProvider time)
{
    public static readonly TimeSpan SnoozeTime = TimeSpan.FromHours(1);

    /// <summary>What a link permits.</summary>
    public async Task<(ActionToken? Token, LinkFault Fault)> ReadAsync(string text, CancellationToken cancellationToken)
    {
        if (ActionToken.Read(text, await key.GetAsync(cancellationToken)) is not { } token)
            return (null, LinkFault.Unknown);
        return token.Expires <= time.GetUtcNow().ToUnixTimeMilliseconds() ? (null, LinkFault.Expired) : (token, LinkFault.None);
    }

    /// <summary>The incident for the page; null when history does not know it, or does not answer: the link works without.</summary>
    public async Task<IncidentEvent?> FindAsync(string incidentId, CancellationToken cancellationToken)
    {
        try
        {
            return await services.GetAsync(Apps.History, $"v1/incidents/{Uri.EscapeDataString(incidentId)}", ContractJson.Default.IncidentEvent, cancellationToken);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <returns>False when the incident is not there, or no longer in a state for this.</returns>
    public async Task<bool> DoAsync(ActionToken token, string? who, CancellationToken cancellationToken) => token.Action switch
    {
        LinkAction.Acknowledge => await ActAsync(token, new(IncidentActionKind.Acknowledge, token.IncidentId, who, null, null), cancellationToken),
        LinkAction.Snooze => await ActAsync(
            token, new(IncidentActionKind.Snooze, token.IncidentId, who, null, (time.GetUtcNow() + SnoozeTime).ToUnixTimeMilliseconds()), cancellationToken),
        _ => await incidents.CallFalseAlarmAsync(token.IncidentId, who, cancellationToken),
    };

    async Task<bool> ActAsync(ActionToken token, IncidentAction action, CancellationToken cancellationToken) =>
        (await incidents.DoAsync(token.IncidentId, action, cancellationToken)).Refusal is null;
}

/// <summary>Why a link permits nothing.</summary>
enum LinkFault
{
    None,

    /// <summary>Not signed with our key: mistyped, cut off, or forged.</summary>
    Unknown,
    Expired,
}
