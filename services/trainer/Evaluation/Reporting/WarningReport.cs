using Forewarn.Analytics;

namespace Forewarn.Trainer;

/// <summary>Early warning on generated series.</summary>
sealed record WarningReport
{
    /// <summary>Series of each of the five courses.</summary>
    const int Seeds = 60;

    const double StaticLimit = 85;

    static readonly (string Name, string Description, Func<double, IBreachPredictor> Create)[] Measured =
    [
        ("forewarn", "the forecaster that ships", limit => new ShippedPredictor(limit)),
        ("static-limit-85", "value above 85 in 4 of 5 samples", _ => new StaticLimit(StaticLimit)),
        ("ols-30", "least-squares line through 30 samples hits the limit within the hour, 4 of 5 times", limit => new LeastSquaresLine(limit)),
        ("holt-damped", "Holt's level and damped trend hit the limit within the hour, 4 of 5 times", limit => new DampedHolt(limit)),
    ];

    /// <summary>Series of each course: leak, ramp, step, cycle, nothing.</summary>
    public required int SeriesPerCourse { get; init; }
    public required double Limit { get; init; }
    public required IReadOnlyList<WarningFigures> Methods { get; init; }

    public static WarningReport Measure(Action<string> progress, CancellationToken cancellationToken)
    {
        var figures = new List<WarningFigures>();
        foreach (var (name, description, create) in Measured)
        {
            progress($"{name}: {Seeds} series of each course");
            figures.Add(WarningFigures.Of(name, description, BreachFigures.Of(create, Seeds, cancellationToken)));
        }
        return new WarningReport { SeriesPerCourse = Seeds, Limit = BreachScenario.Limit, Methods = figures };
    }
}

/// <summary>One method.</summary>
sealed record WarningFigures
{
    public required string Method { get; init; }
    public required string Description { get; init; }
    public required double Recall { get; init; }
    public required double? LeadMedianMinutes { get; init; }
    public required double? LeadP10Minutes { get; init; }
    public required double FalsePerDay { get; init; }

    /// <summary>Minutes before the breach, and there the median relative error and the share of series with a forecast.</summary>
    public required IReadOnlyList<WarningError> Errors { get; init; }

    /// <summary>Share of the last hour's forecasts whose 80 % interval holds the true time.</summary>
    public required double? Coverage { get; init; }

    public static WarningFigures Of(string method, string description, BreachFigures figures) => new()
    {
        Method = method,
        Description = description,
        Recall = figures.Recall,
        LeadMedianMinutes = Finite(figures.LeadMedian),
        LeadP10Minutes = Finite(figures.LeadP10),
        FalsePerDay = figures.FalsePerDay,
        Errors = [.. BreachFigures.Marks.Select((minutes, i) => new WarningError(minutes, Finite(figures.RelativeErrors[i]), Finite(figures.Foretold[i]) ?? 0))],
        Coverage = Finite(figures.Coverage),
    };

    static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>How wrong the foretold time was.</summary>
sealed record WarningError(int MinutesBefore, double? MedianRelative, double Foretold);
