using System.ComponentModel.DataAnnotations;
using Forewarn.History.RollUps;
using Forewarn.Hosting;

namespace Forewarn.History;

/// <summary>Whether TimescaleDB is used.</summary>
public enum TimescaleUse
{
    /// <summary>When the server has it.</summary>
    Auto,

    /// <summary>Never.</summary>
    Off,

    /// <summary>Always: history is not ready without it.</summary>
    Required,
}

/// <summary>Settings of history; the database itself is named by <c>ConnectionStrings__Forewarn</c>.</summary>
public sealed class HistoryOptions : ISectionOptions
{
    /// <inheritdoc/>
    public static string Section => "History";

    /// <summary>Days that samples and predictions are kept; older days are dropped whole. Default 30.</summary>
    [Range(1, 3650)]
    public int RetentionDays { get; set; } = 30;

    /// <summary>Days that roll-ups of ten seconds are kept. Default 7.</summary>
    [Range(1, 3650)]
    public int RollUpDays10s { get; set; } = 7;

    /// <summary>Days that roll-ups of a minute and what was expected in it are kept, and never shorter than the samples. Default 90.</summary>
    [Range(1, 3650)]
    public int RollUpDays1m { get; set; } = 90;

    /// <summary>Days that roll-ups of an hour are kept, by whole months, and never shorter than those of a minute. Default 730.</summary>
    [Range(1, 36500)]
    public int RollUpDays1h { get; set; } = 730;

    /// <summary>Days after which a publisher that sent nothing is forgotten; must exceed the broker's retention. Default 14.</summary>
    [Range(1, 365)]
    public int WatermarkDays { get; set; } = 14;

    /// <summary>Connections to PostgreSQL at most. Default 20.</summary>
    [Range(2, 500)]
    public int MaxConnections { get; set; } = 20;

    /// <summary>
    /// TimescaleDB: Auto uses it when the server has it, Off does not, Required makes history not ready without it. The
    /// choice is made for an empty database and stays. Default Auto.
    /// </summary>
    public TimescaleUse Timescale { get; set; } = TimescaleUse.Auto;

    /// <summary>Days after which TimescaleDB compresses rows and roll-ups; half their retention where that is sooner. Default 7.</summary>
    [Range(1, 3650)]
    public int CompressAfterDays { get; set; } = 7;

    /// <summary>Days that roll-ups of a minute and outlooks are kept.</summary>
    internal int MinuteDays => Math.Max(RetentionDays, RollUpDays1m);

    /// <summary>Days that each level of <see cref="Level.All"/> is kept. An hour is rolled up from its minutes, also when a row comes late.</summary>
    internal IReadOnlyList<int> DaysPerLevel =>
        [RetentionDays, RollUpDays10s, MinuteDays, Math.Max(MinuteDays, RollUpDays1h)];
}
