namespace Forewarn.Simulator;

/// <summary>Whether a fault is there at once or comes creeping, so that it can be told before it is a failure.</summary>
enum Onset
{
    Abrupt,
    Gradual,
}

/// <summary>Something that goes wrong: how strong it is over its time, and what that strength does to a host.</summary>
sealed record Fault
{
    /// <summary>Share of its full strength; most faults have it.</summary>
    public static readonly FaultParameter Severity = new("severity", "share of its full strength", 1, 0.05, 1);

    /// <summary>As on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>One line for <c>--list</c>.</summary>
    public required string Description { get; init; }
    public required Onset Onset { get; init; }
    public Reach Reach { get; init; } = Reach.Host;

    /// <summary>Names of the series it shows in; it leaves all others as they are.</summary>
    public required IReadOnlyList<string> Series { get; init; }

    public IReadOnlyList<FaultParameter> Parameters { get; init; } = [];

    /// <summary>Strength over time, 0 to 1; severity still to come.</summary>
    public required Func<FaultSettings, FaultMoment, double> Shape { get; init; }

    /// <summary>What a strength does.</summary>
    public required Func<FaultSettings, double, FaultEffect> Effect { get; init; }

    /// <summary>The strength at which a person would call it a failure; 0 = from the start.</summary>
    public Func<FaultSettings, double> FailsAt { get; init; } = static _ => 0;

    /// <summary>Strength at a moment, severity included.</summary>
    public double Strength(FaultSettings settings, FaultMoment moment) =>
        Shape(settings, moment) * (Parameters.Contains(Severity) ? settings[Severity.Name] : 1);
}

/// <summary>A moment within a fault, in seconds.</summary>
readonly record struct FaultMoment(double Seconds, double Duration)
{
    public double Progress => Seconds / Duration;
}
