using System.Globalization;
using System.Text;

namespace Forewarn.Trainer;

/// <summary>A report as a Markdown page with plots; the same report gives the same bytes.</summary>
static class ReportPage
{
    const string Ours = "forewarn";

    /// <summary>Writes the page, and its plots into a folder of its name beside it.</summary>
    public static async Task WriteAsync(EvaluationReport report, string path, CancellationToken cancellationToken)
    {
        var folder = Path.ChangeExtension(path, null);
        if (folder == path)
            throw new EvaluationException($"{path} has no extension: the page's plots go into a folder named like it, without one. Name it {path}.md.");
        Directory.CreateDirectory(folder);
        foreach (var (name, svg) in Plots(report))
            await File.WriteAllTextAsync(Path.Combine(folder, name), svg, cancellationToken);
        await File.WriteAllTextAsync(path, Markdown(report, Path.GetFileName(folder)), cancellationToken);
    }

    /// <summary>The page; plots are looked for in <paramref name="folder"/>.</summary>
    internal static string Markdown(EvaluationReport report, string folder)
    {
        var page = new StringBuilder();
        page.Append(Head).Append(CultureInfo.InvariantCulture, $"\nMeasured by version `{report.CodeVersion}`.\n\n");
        foreach (var detector in report.Detectors)
            page.Append(CultureInfo.InvariantCulture, $"- **{detector.Name}**: {detector.Description}.\n");
        foreach (var set in report.Sets)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {set.Set}\n\n{set.Series} series, {set.Points} points, {set.Events} events.\n\n![{set.Set}]({folder}/{set.Set}.svg)\n");
            foreach (var table in ReportText.Tables(set))
                page.Append('\n').AppendJoin('\n', table.Markdown()).Append('\n');
        }
        if (report.EarlyWarning is { } warning)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## Early warning\n\n{WarningHead(warning)}\n\n![early warning]({folder}/early-warning.svg)\n\n");
            page.AppendJoin('\n', ReportText.Warning(warning).Markdown()).Append("\n\n");
            page.AppendJoin('\n', warning.Methods.Select(method => $"- **{method.Method}**: {method.Description}.")).Append('\n');
        }
        return page.ToString();
    }

    internal static IEnumerable<(string Name, string Svg)> Plots(EvaluationReport report)
    {
        foreach (var set in report.Sets)
            yield return ($"{set.Set}.svg", BarPlot.Svg(set.Set, [.. Panels(set)]));
        if (report.EarlyWarning is { } warning)
        {
            yield return ("early-warning.svg", BarPlot.Svg("early warning",
            [
                Warned(warning, "Share of breaches foreseen", "0.00", method => method.Recall),
                Warned(warning, "Median minutes of warning", "0", method => method.LeadMedianMinutes),
                Warned(warning, "False episodes a day (less is better)", "0.00", method => method.FalsePerDay),
            ]));
        }
    }

    static IEnumerable<BarPanel> Panels(SetReport set)
    {
        if (set.Detectors.All(detector => detector.Nab is { Count: > 0 }))
        {
            yield return Panel(set, "NAB standard, one threshold, told once", "0.0", detector => detector.Nab![0].LeaderboardOnce);
            yield return Panel(set, "NAB standard, threshold from the other part, told once", "0.0", detector => detector.Nab![0].NestedOnce);
        }
        yield return Panel(set, "VUS-PR", "0.000", detector => detector.VusPr);
        yield return Panel(set, "Events found at 1.0 false episodes per 1,000 points", "0.00", detector => detector.RecallAt10);
        yield return Panel(set, "Own alarms: events found", "0.00", detector => detector.OwnAlarms.Recall);
        yield return Panel(set, "Own alarms: false episodes per 1,000 points (less is better)", "0.00", detector => detector.OwnAlarms.EpisodesPerThousand);
    }

    static BarPanel Panel(SetReport set, string title, string format, Func<DetectorReport, Figure> of) =>
        new(title, format, [.. set.Detectors.Select(detector => new Bar(detector.Detector, of(detector), detector.Detector == Ours))]);

    static BarPanel Warned(WarningReport warning, string title, string format, Func<WarningFigures, double?> of) =>
        new(title, format, [.. warning.Methods.Select(method => new Bar(method.Method, new Figure(of(method), null, null), method.Method == Ours))]);

    static string WarningHead(WarningReport warning) => string.Create(CultureInfo.InvariantCulture, $"""
        {warning.SeriesPerCourse} generated series each of leaks, ramps, steps, cycles and nothing, limit {warning.Limit}, one sample a minute, with a daily
        rhythm, noise and bursts. Errors are the median of |foretold - true| / true, in brackets the share of series with a
        forecast at that time; coverage is the share of the last hour's forecasts whose 80 % interval holds the true time.
        """);

    const string Head = """
        # How well it detects

        Written by `./forewarn evaluate` from its JSON; do not edit. Each series is streamed through what decides in
        production (`forewarn`: models made of its training part as the trainer makes them, scored through ONNX Runtime), in event
        time, without a look ahead or at a label;
        every series is a group of one and all share one set of parameters. In brackets: 95 % intervals, bootstrapped over whole series.

        - **NAB**: scores of the Numenta Anomaly Benchmark by its own rules. *leaderboard*: one threshold, the best for all files
          given; *nested*: the files split by bit 1 of the MD5 of their path, threshold chosen on one part and applied to the
          other, mean weighted by windows; *told once*: after an alarm silence for a fifth of the probation, as of one incident
          for an event, for all detectors alike (NAB imposes none, so compare its published figures with *leaderboard* of a
          detector that brings its own silence); *own alarms*: decisions at shipped defaults, an alarm for each opening.
        - **VUS-PR** (buffer 100), **AP**, **ROC-AUC**, point-wise **best F1**: unweighted means over series with events. No figure
          is point-adjusted.
        - **recall @x/1000**: events found with one threshold for the whole set that gives at most x episodes of false alarms per
          1,000 normal points (false points nearer than 30 are one episode).
        - **own alarms**: at shipped defaults, which know no label; rows that would raise an alarm by themselves, not those that only keep one. *openings*: false episodes that did not begin inside
          an event; *delay*: from the beginning of an event to its first alarm, median; *led*: share of events before whose
          labelled beginning an alarm already stood, and the median lead of those.
        - **us/point**: median on one core; **bytes/series**: managed memory of a fitted detector by metric.
        - **top-1**: share of events, of those whose causes are known, whose strangest row is blamed on one of their causes.

        """;
}
