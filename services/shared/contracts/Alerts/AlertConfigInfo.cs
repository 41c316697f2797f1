namespace Forewarn.Contracts;

/// <summary>The routing of notifications as it holds now; addresses and secrets are not in it.</summary>
public sealed record AlertConfigInfo
{
    /// <summary>The file; null = none is configured, and all goes to the console.</summary>
    public string? File { get; init; }

    /// <summary>Since when it holds, unix milliseconds.</summary>
    public required long LoadedAt { get; init; }

    /// <summary>Why the file as it is now is not what holds, a line each; empty when it is.</summary>
    public required IReadOnlyList<string> Mistakes { get; init; }

    /// <summary>What holds but cannot work, a line each: a binding that the sidecar does not have.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    public required IReadOnlyList<ReceiverInfo> Receivers { get; init; }

    /// <summary>In the order in which they are looked at.</summary>
    public required IReadOnlyList<RouteInfo> Routes { get; init; }
    public required IReadOnlyList<BudgetRule> Budgets { get; init; }
}

/// <param name="Channels">As <see cref="DeliveryState.Channel"/>.</param>
public sealed record ReceiverInfo(string Name, IReadOnlyList<string> Channels);

/// <summary>A route, in the words of the file.</summary>
public sealed record RouteInfo
{
    public required string Name { get; init; }
    public required AlertMatch Match { get; init; }

    /// <summary><c>Mon-Fri 09:00-17:00 Europe/Berlin</c>; null = always.</summary>
    public string? Hours { get; init; }
    public required IReadOnlyList<string> Receivers { get; init; }
    public bool Continue { get; init; }
    public required IReadOnlyList<EscalationInfo> Escalation { get; init; }

    /// <summary><c>10 per 1h</c>; null = no limit.</summary>
    public string? Limit { get; init; }
}

/// <param name="AfterSeconds">Since the opening.</param>
public sealed record EscalationInfo(double AfterSeconds, IReadOnlyList<string> Receivers);

/// <summary>A budget as the file says it.</summary>
public sealed record BudgetRule(string Name, double PerWeek, AlertMatch Match);
