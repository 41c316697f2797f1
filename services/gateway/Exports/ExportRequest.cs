using System.Globalization;

namespace Forewarn.Gateway.Exports;

enum ExportKind
{
    Samples,
    Scores,
    Incidents,
}

/// <summary>An export that cannot be made: the parameter at fault and why.</summary>
sealed class BadExportException(string parameter, string reason) : Exception(reason)
{
    public string Field => parameter;
}

/// <summary>What to export, in which form, and history's question that gives it; history judges the rest of the parameters.</summary>
/// <param name="Question">Path and query at history, without a cursor.</param>
sealed record ExportRequest(ExportKind Kind, bool IsParquet, string Question, bool HasSteps, string FileName)
{
    static readonly Dictionary<ExportKind, (string Path, string[] Parameters)> Sources = new()
    {
        [ExportKind.Samples] = ("v1/samples?", ["entity", "series", "name", "unit", "label", "from", "to", "step"]),
        [ExportKind.Scores] = ("v1/predictions?order=oldest&limit=5000&", ["entity", "from", "to", "cadence", "anomalous"]),
        [ExportKind.Incidents] = ("v1/incidents?limit=500&", ["entity", "status", "from", "to"]),
    };

    /// <exception cref="BadExportException">A parameter cannot be used.</exception>
    public static ExportRequest Parse(IEnumerable<KeyValuePair<string, string?>> query)
    {
        var parameters = query.ToList();
        var kind = Single(parameters, "kind") switch
        {
            null or "" or "samples" => ExportKind.Samples,
            "scores" => ExportKind.Scores,
            "incidents" => ExportKind.Incidents,
            _ => throw new BadExportException("kind", "kind must be samples, scores or incidents."),
        };
        var parquet = Single(parameters, "format") switch
        {
            null or "" or "csv" => false,
            "parquet" => true,
            _ => throw new BadExportException("format", "format must be csv or parquet."),
        };
        var (path, known) = Sources[kind];
        var word = kind.ToString().ToLowerInvariant();
        var passed = parameters.Where(pair => pair.Key is not ("kind" or "format")).ToList();
        if (passed.Find(pair => !known.Contains(pair.Key, StringComparer.Ordinal)) is { Key: not null } stranger)
            throw new BadExportException(stranger.Key, $"An export of {word} has no such parameter; it has {string.Join(", ", known)}, kind and format.");
        foreach (var name in known.Where(name => name != "label"))
            Single(parameters, name);
        var step = Single(parameters, "step");
        return new ExportRequest(
            kind, parquet, path + string.Join('&', passed.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value ?? "")}")),
            !string.IsNullOrEmpty(step) && !(long.TryParse(step, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms) && ms == 0),
            $"forewarn-{word}{Stamp(parameters, "from")}{Stamp(parameters, "to")}.{(parquet ? "parquet" : "csv")}");
    }

    static string? Single(List<KeyValuePair<string, string?>> parameters, string name)
    {
        var found = parameters.Where(pair => pair.Key == name).ToList();
        return found.Count <= 1 ? found.FirstOrDefault().Value : throw new BadExportException(name, $"{name} stands more than once.");
    }

    /// <summary>A time as part of a file's name; nothing when it is none, which history will say.</summary>
    static string Stamp(List<KeyValuePair<string, string?>> parameters, string name)
    {
        const long LastMs = 253_402_300_799_999;
        return long.TryParse(parameters.Find(pair => pair.Key == name).Value, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms <= LastMs
            ? string.Create(CultureInfo.InvariantCulture, $"-{DateTimeOffset.FromUnixTimeMilliseconds(ms):yyyyMMddTHHmmssZ}")
            : "";
    }
}
