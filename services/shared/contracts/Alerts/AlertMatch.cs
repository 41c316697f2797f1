namespace Forewarn.Contracts;

/// <summary>Which incidents are meant. What is absent matches all; what is there must hold together.</summary>
public sealed record AlertMatch
{
    /// <summary>Name or pattern in which * stands for any characters.</summary>
    public string? Entity { get; init; }

    /// <summary>Attributes of the entity by name; values may hold *.</summary>
    public IReadOnlyDictionary<string, string> Labels
    {
        get;
        // What is not in the JSON is set to null all the same.
        init => field = value ?? new Dictionary<string, string>(StringComparer.Ordinal);
    } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<IncidentSeverity> Severity
    {
        get;
        init => field = value ?? [];
    } = [];

    public IReadOnlyList<DetectionKind> Kind
    {
        get;
        init => field = value ?? [];
    } = [];
}
