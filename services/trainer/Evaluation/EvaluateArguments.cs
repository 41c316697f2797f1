using System.Globalization;

namespace Forewarn.Trainer;

/// <summary>The command line <c>evaluate</c>.</summary>
/// <param name="Paths">Folders with labelled data.</param>
/// <param name="Json">Where the report goes as JSON; null = nowhere.</param>
/// <param name="Page">Where the page goes that people read; null = nowhere.</param>
/// <param name="Baseline">Measure the baselines too.</param>
/// <param name="Ttb">Measure early warning on generated series.</param>
/// <param name="From">A report to make the page of, in place of measuring; null = measure.</param>
/// <param name="Only">Names of detectors; empty = all.</param>
/// <param name="Cadences">Seconds between rows by set.</param>
sealed record EvaluateArguments(
    IReadOnlyList<string> Paths, string? Json, string? Page, bool Baseline, bool Ttb, string? From, IReadOnlyList<string> Only, Cadences Cadences)
{
    public const string Usage = """
        Usage: ./forewarn evaluate PATH... [--baseline] [--ttb] [--json FILE] [--page FILE] [--only NAME]... [--cadence SET=SECONDS]...
               ./forewarn evaluate --ttb [--json FILE] [--page FILE]
               ./forewarn evaluate --from FILE --page FILE

        Measures detection on labelled data: each series is streamed through what decides in production, in event time,
        without a look ahead or at a label.

        PATH                   A folder in NAB's layout (data/, labels/combined_windows.json), one with train.csv.gz,
                               test.csv.gz and labels.csv.gz, a folder of such folders, or a root of several sets.
        --json FILE            Write all figures as JSON.
        --page FILE            Write them as a Markdown page, with its plots in a folder of the same name beside it.
        --baseline             Measure plain baselines side by side.
        --only NAME            Only this detector; may be repeated.
        --cadence SET=SECONDS  Seconds between the rows of a set whose files tell no times (default 60; asd and services 300).
        --ttb                  Measure early warning, on generated leaks, ramps, steps, cycles and nothing.
        --from FILE            Make the page of a report that --json wrote, and measure nothing.
        """;

    /// <summary>Null, and what is wrong, for a command line that is none.</summary>
    public static (EvaluateArguments? Arguments, string? Error) Parse(IReadOnlyList<string> args)
    {
        string? json = null, page = null, from = null;
        var (baseline, ttb, paths, only) = (false, false, new List<string>(), new List<string>());
        var cadences = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i++)
        {
            var next = i + 1 < args.Count && !args[i + 1].StartsWith('-') ? args[i + 1] : null;
            switch (args[i])
            {
                case "--baseline":
                    baseline = true;
                    break;
                case "--ttb":
                    ttb = true;
                    break;
                case "--json" or "--page" or "--from" or "--only" or "--cadence" when next is null:
                    return (null, $"{args[i]} needs a value.");
                case "--json":
                    json = args[++i];
                    break;
                case "--page":
                    page = args[++i];
                    break;
                case "--from":
                    from = args[++i];
                    break;
                case "--only":
                    only.Add(args[++i]);
                    break;
                case "--cadence":
                    if (args[++i].Split('=') is not [var set, var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > 86_400)
                        return (null, $"--cadence {args[i]} is not SET=SECONDS with 1 to 86400 seconds.");
                    cadences[set] = seconds;
                    break;
                case var unknown when unknown.StartsWith('-'):
                    return (null, $"{unknown} is no option of evaluate.");
                default:
                    paths.Add(args[i]);
                    break;
            }
        }
        return Check(new EvaluateArguments(paths, json, page, baseline, ttb, from, only, new Cadences(cadences)));
    }

    static (EvaluateArguments? Arguments, string? Error) Check(EvaluateArguments arguments)
    {
        // Before minutes of measuring, not after them.
        foreach (var file in new[] { arguments.Json, arguments.Page })
        {
            if (file is not null && Path.GetDirectoryName(Path.GetFullPath(file)) is var folder && !Directory.Exists(folder))
                return (null, $"{file} cannot be written: there is no folder {folder}; make it first.");
        }
        if (arguments.From is not null)
        {
            return arguments is { Paths.Count: 0, Page: not null, Json: null, Baseline: false, Ttb: false, Only.Count: 0 }
                ? (arguments, null)
                : (null, "--from measures nothing: it takes --page and nothing else.");
        }
        return arguments is { Paths.Count: 0, Ttb: false } ? (null, "Which data? Name at least one folder, or --ttb.") : (arguments, null);
    }
}
