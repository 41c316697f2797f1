using Forewarn.Contracts;

namespace Forewarn.Alerting.Routing;

/// <summary>
/// What a route with a limit has told of lately, as pure functions. The answer to one incident never changes: asked again after a crash
/// or by a redelivery it is the same.
/// </summary>
public sealed record RouteWindow
{
    /// <summary>Most that are remembered as held back; more are counted only.</summary>
    public const int MostHeld = 1000;

    /// <summary>Told within the time of the limit, oldest first.</summary>
    public IReadOnlyList<ToldIncident> Told
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Held back since the last summary, oldest first, the newest <see cref="MostHeld"/>.</summary>
    public IReadOnlyList<HeldIncident> Held
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>All that were held back since the last summary.</summary>
    public int HeldCount { get; init; }

    /// <summary>Of the last summary, unix milliseconds; 0 = there was none.</summary>
    public long SummarisedAt { get; init; }

    /// <summary>Summaries so far: the identity of the next.</summary>
    public int Summaries { get; init; }

    /// <summary>Whether the route may tell of an incident.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public (RouteWindow After, bool IsTold) Take(HeldIncident incident, RateLimit limit, long now)
    {
        ArgumentNullException.ThrowIfNull(incident);
        ArgumentNullException.ThrowIfNull(limit);
        if (Told.Any(told => told.Id == incident.Id))
            return (this, true);
        if (Held.Any(held => held.Id == incident.Id))
            return (this, false);
        var recent = Told.Where(told => told.At > now - Ms(limit)).ToList();
        return recent.Count < limit.Count
            ? (this with { Told = [.. recent, new ToldIncident(incident.Id, now)] }, true)
            : (this with { Told = recent, Held = [.. Held.TakeLast(MostHeld - 1), incident], HeldCount = HeldCount + 1 }, false);
    }

    /// <summary>When those held back are to be told of together, unix milliseconds: once there is room again, and once in the time of the limit at most. Null = there are none.</summary>
    public long? SummaryDueAt(RateLimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        if (HeldCount == 0)
            return null;
        var room = Told.Count < limit.Count ? 0 : Told[Told.Count - limit.Count].At + Ms(limit);
        return Math.Max(room, SummarisedAt == 0 ? 0 : SummarisedAt + Ms(limit));
    }

    /// <summary>Those held back have been told of together.</summary>
    public RouteWindow Summarised(long now) => this with { Held = [], HeldCount = 0, SummarisedAt = now, Summaries = Summaries + 1 };

    static long Ms(RateLimit limit) => (long)limit.Per.TotalMilliseconds;
}

/// <param name="At">Unix milliseconds.</param>
public sealed record ToldIncident(string Id, long At);

/// <summary>An incident that asks, and what a summary says of it.</summary>
public sealed record HeldIncident(string Id, string Entity, IncidentSeverity Severity, string Summary);
