namespace Forewarn.Trainer;

/// <summary>What <c>evaluate --json</c> writes. A figure that does not exist (no events, one part without windows) is null.</summary>
sealed record EvaluationReport
{
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Of the program that measured.</summary>
    public required string CodeVersion { get; init; }
    public required IReadOnlyList<DetectorText> Detectors { get; init; }

    /// <summary>Empty when only early warning was measured.</summary>
    public required IReadOnlyList<SetReport> Sets { get; init; }

    /// <summary>Null when it was not asked for.</summary>
    public WarningReport? EarlyWarning { get; init; }
}

/// <summary>Name and description of a detector.</summary>
sealed record DetectorText(string Name, string Description);

/// <summary>A figure and its bootstrapped 95 % interval over whole series.</summary>
sealed record Figure(double? Value, double? Low, double? High);

/// <summary>One set.</summary>
sealed record SetReport
{
    public required string Set { get; init; }
    public required int Series { get; init; }

    /// <summary>Rows that count: behind the probation, of the test part.</summary>
    public required int Points { get; init; }
    public required int Events { get; init; }
    public required IReadOnlyList<DetectorReport> Detectors { get; init; }
}

/// <summary>One detector on one set.</summary>
sealed record DetectorReport
{
    public required string Detector { get; init; }

    /// <summary>Means over the series that have events.</summary>
    public required Figure RocAuc { get; init; }
    public required Figure AveragePrecision { get; init; }
    public required Figure VusPr { get; init; }
    public required Figure BestF1 { get; init; }

    /// <summary>Share of events found with one threshold for the set, at 0.3 and 1.0 false episodes per 1,000 normal points.</summary>
    public required Figure RecallAt03 { get; init; }
    public required Figure RecallAt10 { get; init; }
    public required OwnAlarms OwnAlarms { get; init; }

    /// <summary>Share of events whose strangest row is blamed on a metric that caused it; null where nobody knows the causes.</summary>
    public required double? AttributionTop1 { get; init; }

    /// <summary>Why <see cref="AttributionTop1"/> is null.</summary>
    public required string? AttributionNote { get; init; }

    /// <summary>Median over the first rows of the first series, one thread.</summary>
    public required double MicrosecondsPerPoint { get; init; }

    /// <summary>Managed memory of a fitted detector that took them, by metric; models of its own counted, native memory not.</summary>
    public required double BytesPerSeries { get; init; }

    /// <summary>Null for sets that are not NAB.</summary>
    public required IReadOnlyList<NabReport>? Nab { get; init; }
}

/// <summary>A detector's decisions at its shipped defaults, which know no labels.</summary>
sealed record OwnAlarms
{
    public required Figure Recall { get; init; }

    /// <summary>False episodes per 1,000 normal points.</summary>
    public required Figure EpisodesPerThousand { get; init; }

    /// <summary>Those of them that did not begin inside an event.</summary>
    public required double? OpeningsPerThousand { get; init; }
    public required int FalseEpisodes { get; init; }

    /// <summary>From the beginning of an event to its first alarm, over the events found.</summary>
    public required double? MedianDelayPoints { get; init; }
    public required double? MedianDelayMinutes { get; init; }

    /// <summary>Share of events before whose labelled beginning an alarm already stood, and how long before it was raised.</summary>
    public required double? Led { get; init; }
    public required double? MedianLeadPoints { get; init; }
    public required double? MedianLeadMinutes { get; init; }
}

/// <summary>NAB's scores in one of its profiles.</summary>
/// <param name="Profile">Name in NAB.</param>
/// <param name="Leaderboard">One threshold, the best for all files given; every point at or above it is an alarm.</param>
/// <param name="Nested">Threshold from one part of the files, applied to the other.</param>
/// <param name="LeaderboardOnce">As the leaderboard, after an alarm silence for a fifth of the probation.</param>
/// <param name="NestedOnce">As nested, with that silence.</param>
/// <param name="OwnAlarms">The detector's own decisions; each opening one alarm.</param>
sealed record NabReport(string Profile, Figure Leaderboard, Figure Nested, Figure LeaderboardOnce, Figure NestedOnce, Figure OwnAlarms);
