using Forewarn.Contracts;

namespace Forewarn.Gateway.Status;

/// <summary>What the gateway keeps of an unresolved incident; the rest of it is history's.</summary>
/// <param name="OpenedAt">Unix milliseconds.</param>
/// <param name="IsMuted">A silence or maintenance window keeps it from being told.</param>
sealed record OpenIncident(string Id, string Entity, DetectionKind Kind, IncidentSeverity Severity, IncidentStatus Status, long OpenedAt, bool IsMuted);

/// <summary>Which incidents are unresolved: heard from the broadcast, put right by history now and then, because a broadcast may be lost.</summary>
sealed class IncidentBook
{
    const int MostRemembered = 4_096;

    readonly Lock _gate = new();
    readonly Dictionary<string, (long Revision, OpenIncident? Open, bool Notified)> _known = new(StringComparer.Ordinal);
    readonly Queue<string> _order = new();

    public int Open
    {
        get
        {
            lock (_gate)
                return _known.Values.Count(entry => entry.Open is not null);
        }
    }

    /// <summary>Takes an event; false for one that is not newer than what is known.</summary>
    /// <param name="notifiedNow">It is the first to say that the notification left.</param>
    public bool Take(IncidentEvent incident, out bool notifiedNow)
    {
        lock (_gate)
        {
            notifiedNow = false;
            var seen = _known.TryGetValue(incident.Id, out var known);
            if (seen && known.Revision >= incident.Revision)
                return false;
            var notified = incident.Stamps.Notified > 0;
            notifiedNow = notified && !known.Notified;
            _known[incident.Id] = (incident.Revision, OpenOf(incident), notified || known.Notified);
            if (!seen)
                _order.Enqueue(incident.Id);
            while (_order.Count > MostRemembered)
                _known.Remove(_order.Dequeue());
            return true;
        }
    }

    /// <summary>Puts right what was missed: these are all that history holds unresolved.</summary>
    /// <param name="asked">When history was asked; what was heard of later is not touched.</param>
    public void Correct(IReadOnlyList<IncidentEvent> unresolved, IReadOnlyDictionary<string, long> asked)
    {
        lock (_gate)
        {
            var open = unresolved.ToDictionary(incident => incident.Id, incident => incident.Revision, StringComparer.Ordinal);
            foreach (var (id, revision) in asked)
            {
                if (!open.ContainsKey(id) && _known.TryGetValue(id, out var known) && known.Revision == revision)
                    _known[id] = known with { Open = null };
            }
        }
        foreach (var incident in unresolved)
            Take(incident, out _);
    }

    /// <summary>The unresolved incidents as known now, with their revisions.</summary>
    public IReadOnlyDictionary<string, long> Unresolved()
    {
        lock (_gate)
            return _known.Where(entry => entry.Value.Open is not null).ToDictionary(entry => entry.Key, entry => entry.Value.Revision, StringComparer.Ordinal);
    }

    /// <summary>What is known now of the unresolved incidents.</summary>
    public IReadOnlyList<OpenIncident> Read()
    {
        lock (_gate)
            return [.. _known.Values.Where(entry => entry.Open is not null).Select(entry => entry.Open!)];
    }

    static OpenIncident? OpenOf(IncidentEvent incident) => incident.Status == IncidentStatus.Resolved
        ? null
        : new OpenIncident(incident.Id, incident.Entity, incident.Kind, incident.Severity, incident.Status, incident.OpenedAt, incident.MutedBy is not null);
}
