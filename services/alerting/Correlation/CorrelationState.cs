namespace Forewarn.Alerting.Correlation;

/// <summary>What a correlator remembers between deliveries; bounded by <see cref="CorrelationWindow.MostMembers"/>.</summary>
public sealed record CorrelationState
{
    /// <summary>Whom each fingerprint belongs to, leads to themselves.</summary>
    public Dictionary<string, Member> Members { get; init; } = new(StringComparer.Ordinal);

    /// <summary>When something last joined the storm or went on in it, unix milliseconds; 0 = there is none.</summary>
    public long StormSeenAt { get; set; }

    /// <summary>How long the storm may be quiet, milliseconds.</summary>
    public long StormQuietMs { get; set; }
}

/// <summary>A fingerprint that is known.</summary>
public sealed record Member
{
    public required string Lead { get; init; }
    public required string Why { get; init; }
    public required string Entity { get; init; }
    public required IReadOnlyList<string> Evidence { get; init; }
    public required IReadOnlyList<string> Places { get; init; }

    /// <summary>When it was first seen, or when it had begun if that was long before; unix milliseconds.</summary>
    public required long FirstAt { get; init; }

    /// <summary>When it was last seen, unix milliseconds.</summary>
    public required long SeenAt { get; init; }

    /// <summary>Until when its sender vouched for it, unix milliseconds; 0 = nobody ever did.</summary>
    public long HeldUntil { get; init; }

    /// <summary>How long it is remembered after <see cref="SeenAt"/> and <see cref="HeldUntil"/>, milliseconds.</summary>
    public required long KeepMs { get; init; }
}
