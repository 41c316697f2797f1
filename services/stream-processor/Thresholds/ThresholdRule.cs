using Forewarn.Contracts;

namespace Forewarn.StreamProcessor;

/// <summary>A rule that users have written.</summary>
sealed record ThresholdRule
{
    public required string Name { get; init; }
    public required Condition Condition { get; init; }

    /// <summary>Labels that the series must have.</summary>
    public IReadOnlyDictionary<string, Wildcard> Labels { get; init; } = new Dictionary<string, Wildcard>(StringComparer.Ordinal);

    public Wildcard Entity { get; init; } = Wildcard.Anything;

    /// <summary>How long it must hold before it is told, milliseconds of event time.</summary>
    public long ForMs { get; init; }

    /// <summary>How far windowed conditions look back, milliseconds.</summary>
    public long OverMs { get; init; }

    /// <summary>What ends it; null = the first value within the limit.</summary>
    public Bound? Clear { get; init; }

    public IncidentSeverity Severity { get; init; } = IncidentSeverity.Warning;

    /// <summary>As <see cref="Detection.Cause"/>: one incident per entity and rule.</summary>
    public string Cause => $"threshold:{Name}";

    /// <summary>What was counted for a rule is true for another of the same identity: it covers whatever decides what is watched and how. Computed anew with each call.</summary>
    public string Identity => ContentHash.Of(
        $"{Name}\n{Condition}\n{Entity.Pattern}\n{OverMs}\n{string.Join('\n', Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value.Pattern}"))}");

    public bool Matches(SeriesColumn column)
    {
        if (!string.Equals(column.Name, Condition.Series, StringComparison.Ordinal))
            return false;
        foreach (var (name, pattern) in Labels)
        {
            if (!column.Labels.TryGetValue(name, out var value) || !pattern.Matches(value))
                return false;
        }
        return true;
    }
}

/// <summary>The rules of one version of the file. Immutable; entities tell by the reference that there are others.</summary>
sealed record RuleSet(IReadOnlyList<ThresholdRule> Rules)
{
    public static RuleSet None { get; } = new([]);

    /// <summary>One of them waits for what does not come: somebody has to look.</summary>
    public bool HasMissing { get; } = Rules.Any(rule => rule.Condition.Measure == Measure.Missing);
}
