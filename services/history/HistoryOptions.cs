using System.ComponentModel.DataAnnotations;
using Forewarn.Hosting;

namespace Forewarn.History;

/// <summary>Settings of history; the database itself is named by <c>ConnectionStrings__Forewarn</c>.</summary>
public sealed class HistoryOptions : ISectionOptions
{
    /// <inheritdoc/>
    public static string Section => "History";

    /// <summary>Days that samples and predictions are kept; older days are dropped whole. Default 30.</summary>
    [Range(1, 3650)]
    public int RetentionDays { get; set; } = 30;

    /// <summary>Days after which a publisher that sent nothing is forgotten; must exceed the broker's retention. Default 14.</summary>
    [Range(1, 365)]
    public int WatermarkDays { get; set; } = 14;

    /// <summary>Connections to PostgreSQL at most. Default 20.</summary>
    [Range(2, 500)]
    public int MaxConnections { get; set; } = 20;
}
