using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>The one way in which a revision is made and told.</summary>
static class IncidentChange
{
    /// <summary>The next revision, to be published, and told as <paramref name="kind"/>.</summary>
    public static IncidentState Publish(this IncidentState state, IncidentEvent incident, long now, NotificationKind kind, IReadOnlyList<string>? receivers = null)
    {
        var revision = state.Incident.Revision + 1;
        return state with
        {
            Incident = incident with { Revision = revision, UpdatedAt = now },
            LastPublishedAt = now,
            Pending = new Pending(true, Add(state.Pending.Notices, kind, revision, receivers ?? [])),
        };
    }

    static IReadOnlyList<Notice> Add(IReadOnlyList<Notice> pending, NotificationKind kind, long revision, IReadOnlyList<string> receivers)
    {
        if (kind == NotificationKind.None)
            return pending;
        // The newest update says all that older ones would have said, and an opening that has not left yet says it, too.
        if (kind == NotificationKind.Updated)
        {
            if (pending.Any(notice => notice.Kind == NotificationKind.Opened))
                return pending;
            return [.. pending.Where(notice => notice.Kind != NotificationKind.Updated), new Notice(kind, revision, receivers)];
        }
        return [.. pending, new Notice(kind, revision, receivers)];
    }
}
