using Forewarn.Contracts;

namespace Forewarn.Alerting.Correlation;

/// <summary>What a correlator has to know of the detections of one fingerprint in one delivery.</summary>
public sealed record Onset
{
    public required string Fingerprint { get; init; }
    public required string Entity { get; init; }
    public required DetectionKind Kind { get; init; }

    /// <summary>One of them may open an incident; false when they only tell that something goes on.</summary>
    public required bool Opens { get; init; }

    /// <summary>How soon another can be expected, milliseconds; 0 = unknown.</summary>
    public int StepMs { get; init; }

    /// <summary>As <see cref="Detection.Since"/>.</summary>
    public long Since { get; init; }

    /// <summary>As <see cref="Detection.HoldsUntil"/> of the newest.</summary>
    public long? HoldsUntil { get; init; }

    /// <summary>The newest tells of an end.</summary>
    public bool Ends { get; init; }

    /// <summary>What moved and in which direction, the strongest first.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>Attributes by which entities are related, as <c>name=value</c>.</summary>
    public required IReadOnlyList<string> Places { get; init; }
}

/// <summary>Whose incident a fingerprint belongs to.</summary>
/// <param name="Fingerprint">As asked.</param>
/// <param name="Lead">Fingerprint of the incident; equal to <paramref name="Fingerprint"/> = its own.</param>
/// <param name="Why">Why it is folded into another; empty for its own.</param>
public sealed record Assignment(string Fingerprint, string Lead, string Why);
