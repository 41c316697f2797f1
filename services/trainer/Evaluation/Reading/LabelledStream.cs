namespace Forewarn.Trainer;

/// <summary>Rows of one entity on one cadence.</summary>
/// <param name="Columns">Metrics in a row.</param>
/// <param name="Times">Event time of each row, unix milliseconds.</param>
/// <param name="Values">Row-major.</param>
sealed record MetricRows(int Columns, long[] Times, double[] Values)
{
    public int Count => Times.Length;

    public ReadOnlySpan<double> Row(int index) => Values.AsSpan(index * Columns, Columns);

    public static MetricRows Empty(int columns) => new(columns, [], []);
}

/// <summary>One labelled series of an evaluation: an entity, a group of its own.</summary>
sealed record LabelledStream
{
    /// <summary>Path below its set, with slashes.</summary>
    public required string Name { get; init; }

    public required long CadenceMs { get; init; }

    /// <summary>What a detector may learn from; empty for NAB, whose detectors learn as they go.</summary>
    public required MetricRows Training { get; init; }

    public required MetricRows Test { get; init; }

    /// <summary>One for each row of <see cref="Test"/>.</summary>
    public required bool[] Labels { get; init; }

    /// <summary>What caused its events; empty where nobody knows.</summary>
    public IReadOnlyList<EventCause> Causes { get; init; } = [];

    /// <summary>Rows at the beginning of <see cref="Test"/> whose scores do not count.</summary>
    public required int Probation { get; init; }
}

/// <summary>Series that belong together, and share thresholds where a figure has one.</summary>
/// <param name="Name">Name of its folder.</param>
/// <param name="IsNab">Scored by NAB's rules beside the others.</param>
/// <param name="Streams">By name, ascending.</param>
sealed record LabelledSet(string Name, bool IsNab, IReadOnlyList<LabelledStream> Streams);
