namespace Forewarn.Contracts;

/// <summary>How many notifications about normal behaviour somebody accepts, and how that is used.</summary>
public sealed record BudgetInfo
{
    public required string Name { get; init; }

    /// <summary>Notifications a week that are accepted on normal behaviour, over all entities of it.</summary>
    public required double PerWeek { get; init; }

    public required AlertMatch Match { get; init; }

    /// <summary>Entities it is shared by now.</summary>
    public required int Entities { get; init; }

    /// <summary>What each of them may use a week.</summary>
    public required double PerEntity { get; init; }

    /// <summary>Notified incidents in it over the last seven days, without those outside every budget.</summary>
    public required int Told { get; init; }

    /// <summary>Those of them that somebody called a false alarm.</summary>
    public required int FalseAlarms { get; init; }

    /// <summary>Those of them that somebody called useful.</summary>
    public required int Useful { get; init; }
}

/// <summary>What each entity of a budget may use: alerting tells predictors. The first whose pattern fits holds.</summary>
public sealed record BudgetShares
{
    public required IReadOnlyList<BudgetShare> Shares { get; init; }

    /// <summary>Unix milliseconds; a later one replaces an earlier one.</summary>
    public required long At { get; init; }
}

/// <param name="Entities">Names of entities; empty = all others.</param>
/// <param name="PerEntity">False alarms a week and entity.</param>
public sealed record BudgetShare(IReadOnlyList<string> Entities, double PerEntity);
