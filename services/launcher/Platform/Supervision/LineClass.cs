namespace Forewarn.Launcher.Platform;

enum LineClass
{
    /// <summary>For the log file only.</summary>
    Quiet,
    Warning,
    Error,

    /// <summary>An incident opened: <c>ALERT ...</c>.</summary>
    Alert,

    /// <summary>An incident ended: <c>RESOLVED ...</c>, or a prediction did not come true: <c>SETTLED ...</c>.</summary>
    Resolved,

    /// <summary>More about the incident in the line before: it begins with <c>  · </c>.</summary>
    Detail,
}

/// <summary>Decides which lines of a service the person at the terminal sees.</summary>
static class LineClassifier
{
    static readonly string[] Levels = ["trce", "dbug", "info", "warn", "fail", "crit"];

    public static LineClass Classify(string line, bool isStandardError)
    {
        if (line.StartsWith("ALERT", StringComparison.Ordinal))
            return LineClass.Alert;
        if (line.StartsWith("RESOLVED", StringComparison.Ordinal) || line.StartsWith("SETTLED", StringComparison.Ordinal))
            return LineClass.Resolved;
        if (line.StartsWith("  · ", StringComparison.Ordinal))
            return LineClass.Detail;
        if (Level(line) is { } level)
            return level switch { "warn" => LineClass.Warning, "fail" or "crit" => LineClass.Error, _ => LineClass.Quiet };
        // Services log to standard output: what a run time writes to standard error is a crash or a warning of its own.
        return isStandardError && !string.IsNullOrWhiteSpace(line) ? LineClass.Error : LineClass.Quiet;
    }

    /// <summary>The level in .NET's console format, with or without a time of day before it: <c>12:00:00.000 warn: Category[1] text</c>.</summary>
    static string? Level(string line)
    {
        var words = line.Split(' ', 3);
        return Array.Find(Levels, level => words.Take(2).Any(word => word.Length == 5 && word[4] == ':' && word.StartsWith(level, StringComparison.Ordinal)));
    }
}
