using System.Text.Json.Serialization;

namespace Forewarn.Contracts;

/// <summary>A time that no training learns from.</summary>
public sealed record Exclusion
{
    /// <summary>Deterministic: the same entity, span and kind are the same exclusion.</summary>
    public required string Id { get; init; }

    /// <summary>Null = every entity.</summary>
    public string? Entity { get; init; }

    /// <summary>Event time, unix milliseconds, inclusive.</summary>
    public required long From { get; init; }

    /// <summary>Event time, unix milliseconds, inclusive.</summary>
    public required long To { get; init; }

    public required ExclusionKind Kind { get; init; }
    public string? Reason { get; init; }
    public string? Who { get; init; }

    /// <summary>When it was said, unix milliseconds.</summary>
    public required long At { get; init; }

    public static string IdOf(string? entity, long from, long to, ExclusionKind kind) => ContentHash.Of($"{entity}\n{from}\n{to}\n{kind}");
}

[JsonConverter(typeof(KebabEnumConverter<ExclusionKind>))]
public enum ExclusionKind
{
    /// <summary>Somebody worked on it.</summary>
    Maintenance,

    /// <summary>What was measured is wrong or not normal.</summary>
    Flagged,
}

/// <summary>What a person sends to leave a time out.</summary>
public sealed record ExclusionRequest
{
    /// <summary>Absent = every entity.</summary>
    public string? Entity { get; init; }

    public required long From { get; init; }
    public required long To { get; init; }
    public required ExclusionKind Kind { get; init; }
    public string? Reason { get; init; }
    public string? Who { get; init; }
}
