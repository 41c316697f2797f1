using System.Text.RegularExpressions;

namespace Forewarn.Deploy.Tests;

/// <summary>docs/config.md, which is written from the options classes and checked against them.</summary>
static partial class ConfigTable
{
    static readonly string[] ForAll = ["every service", "launcher, components/, every service"];

    /// <summary>Variables that a service reads.</summary>
    public static IReadOnlyList<string> Of(string app)
    {
        var found = new List<string>();
        var reads = false;
        foreach (var line in File.ReadLines(Path.Combine(Checkout.Root, "docs", "config.md")))
        {
            if (Reader().Match(line) is { Success: true } reader)
                reads = ForAll.Contains(reader.Groups["who"].Value, StringComparer.Ordinal) || reader.Groups["who"].Value == $"services/{app}";
            else if (reads && Row().Match(line) is { Success: true } row)
                found.Add(row.Groups["variable"].Value);
        }
        return found;
    }

    /// <summary>The default that a variable has, as the table shows it.</summary>
    public static string DefaultOf(string variable) => File.ReadLines(Path.Combine(Checkout.Root, "docs", "config.md"))
        .Select(line => Row().Match(line)).Single(match => match.Success && match.Groups["variable"].Value == variable).Groups["default"].Value.Trim('`');

    [GeneratedRegex("^Read by `(?<who>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reader();

    [GeneratedRegex(@"^\| `(?<variable>[A-Za-z0-9_]+)` \| [^|]* \| (?<default>[^|]*?) \|", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
