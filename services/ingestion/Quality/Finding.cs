namespace Forewarn.Ingestion;

/// <summary>Something about the data itself that makes it worth less.</summary>
/// <param name="Entity">Whose data.</param>
/// <param name="Check">What looked: <see cref="QualityChecks"/>.</param>
/// <param name="Summary">One sentence a person understands: what, how much, and what it probably comes from.</param>
sealed record Finding(string Entity, string Check, string Summary)
{
    /// <summary>Of what was refused beyond a limit. What is new belongs to nobody yet, so that many new names are one finding.</summary>
    public static Finding OfLimit(string entity, Refusal refusal) => refusal.Code == "series"
        ? new(entity, QualityChecks.Limit, $"series are refused: one more {refusal.Reason}")
        : new($"forewarn/{Contracts.Apps.Ingestion}", QualityChecks.Limit, $"metrics are refused: {entity} {refusal.Reason}");
}

/// <summary>Names of the checks.</summary>
static class QualityChecks
{
    public const string Clock = "clock";
    public const string Unit = "unit";
    public const string Range = "range";
    public const string Counter = "counter";
    public const string Order = "order";
    public const string Limit = "limit";
}
