using System.Globalization;
using Forewarn.Analytics;

namespace Forewarn.Trainer;

/// <summary>What <c>evaluate --ttb --json</c> writes: early warning on generated series.</summary>
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
    ];

    public int SchemaVersion { get; init; } = 1;

    /// <summary>Series of each course: leak, ramp, step, cycle, nothing.</summary>
    public required int SeriesPerCourse { get; init; }
    public required double Limit { get; init; }
    public required IReadOnlyList<WarningFigures> Methods { get; init; }

    public static WarningReport Measure(Action<string> progress, CancellationToken cancellationToken)
    {
        var figures = new List<WarningFigures>();
        foreach (var (name, description, create) in Measured)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress($"{name}: {Seeds} series of each course");
            figures.Add(WarningFigures.Of(name, description, BreachFigures.Of(create, Seeds)));
        }
        return new WarningReport { SeriesPerCourse = Seeds, Limit = BreachScenario.Limit, Methods = figures };
    }

    public IEnumerable<string> Lines()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"early warning: {SeriesPerCourse} generated series each of leaks, ramps, steps, cycles and nothing, limit {Limit}, one sample a minute");
        yield return "";
        var table = new TextTable("method", "recall", "lead median (min)", "lead p10 (min)", "false/day", "error @60", "error @30", "error @15", "coverage of 80 %");
        foreach (var method in Methods)
            table.Add(method.Cells());
        foreach (var line in table.Lines())
            yield return "  " + line;
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

    public string[] Cells() =>
    [
        Method, Text(Recall, "0.00"), Text(LeadMedianMinutes, "0"), Text(LeadP10Minutes, "0"), Text(FalsePerDay, "0.000"),
        .. Errors.Select(error => error.MedianRelative is null ? "-" : $"{Text(error.MedianRelative, "0.00")} ({Text(100 * error.Foretold, "0")} %)"),
        Text(Coverage, "0.00"),
    ];

    static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>How wrong the foretold time was.</summary>
sealed record WarningError(int MinutesBefore, double? MedianRelative, double Foretold);
