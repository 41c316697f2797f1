namespace Forewarn.Contracts;

/// <summary>What a source says of an entity besides its measurements: where it runs, what it belongs to. Kept in the state store <see cref="Components.Entities"/> under the entity's name.</summary>
public sealed record EntityCard
{
    /// <summary>Most attributes kept of one entity.</summary>
    public const int MostAttributes = 32;

    /// <summary>Longest name or value of an attribute.</summary>
    public const int MaxText = 128;

    public required string Entity { get; init; }

    /// <summary>By their OpenTelemetry names where those exist: <c>k8s.node.name</c>, <c>service.namespace</c>.</summary>
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long At { get; init; }
}
