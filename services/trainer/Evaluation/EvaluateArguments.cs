using System.Globalization;

namespace Forewarn.Trainer;

/// <summary>The command line <c>evaluate</c>.</summary>
/// <param name="Paths">Folders with labelled data.</param>
/// <param name="Json">Where the report goes as JSON; null = nowhere.</param>
/// <param name="Page">Where the page goes that people read; null = nowhere.</param>
/// <param name="Baseline">Measure the baselines too.</param>
/// <param name="Ttb">Measure time to breach on generated series instead.</param>
/// <param name="Only">Names of detectors; empty = all.</param>
/// <param name="Cadences">Seconds between rows by set.</param>
sealed record EvaluateArguments(
    IReadOnlyList<string> Paths, string? Json, string? Page, bool Baseline, bool Ttb, IReadOnlyList<string> Only, Cadences Cadences)
{
    public const string Usage = """
        Usage: ./forewarn evaluate PATH... [--json FILE] [--page FILE] [--baseline] [--only NAME]... [--cadence SET=SECONDS]...
               ./forewarn evaluate --ttb [--json FILE]

        Measures detection on labelled data: each series is streamed through the same class that decides in production, in
        event time, without a look ahead or at a label.

        PATH                   A folder in NAB's layout (data/, labels/combined_windows.json), one with train.csv.gz,
                               test.csv.gz and labels.csv.gz, a folder of such folders, or a root of several sets.
        --json FILE            Write all figures as JSON.
        --page FILE            Write them as a Markdown page, with plots beside it.
        --baseline             Measure plain baselines side by side.
        --only NAME            Only this detector; may be repeated.
        --cadence SET=SECONDS  Seconds between the rows of a set whose files tell no times (default 60; asd and services 300).
        --ttb                  Measure early warning instead, on generated leaks, ramps, steps, cycles and nothing.
        """;

    /// <summary>Null, and what is wrong, for a command line that is none.</summary>
    public static (EvaluateArguments? Arguments, string? Error) Parse(IReadOnlyList<string> args)
    {
        string? json = null, page = null;
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
                case "--json" or "--page" or "--only" or "--cadence" when next is null:
                    return (null, $"{args[i]} needs a value.");
                case "--json":
                    json = args[++i];
                    break;
                case "--page":
                    page = args[++i];
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
        return Check(new EvaluateArguments(paths, json, page, baseline, ttb, only, new Cadences(cadences)));
    }

    static (EvaluateArguments? Arguments, string? Error) Check(EvaluateArguments arguments)
    {
        if (arguments.Ttb)
        {
            return arguments is { Paths.Count: 0, Page: null, Baseline: false, Only.Count: 0 }
                ? (arguments, null)
                : (null, "--ttb generates its series and measures its own baselines: it takes --json only.");
        }
        return arguments.Paths.Count == 0 ? (null, "Which data? Name at least one folder.") : (arguments, null);
    }
}
