using System.Globalization;
using System.Text.RegularExpressions;

namespace Forewarn.SystemTests;

/// <summary>What Grafana puts in place of its variables and macros before it asks, as its documentation of the two data sources says.</summary>
static partial class GrafanaMacros
{
    /// <summary>For a scrape every second.</summary>
    public static string InPrometheus(string expression) =>
        Refuse(expression.Replace("$__rate_interval", "30s", StringComparison.Ordinal).Replace("$app", ".*", StringComparison.Ordinal));

    public static string InSql(string statement, DateTimeOffset from, DateTimeOffset to, IReadOnlyDictionary<string, string> variables)
    {
        string Literal(DateTimeOffset time) => $"'{time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}'";
        var sql = TimeFilter().Replace(statement, match => $"{match.Groups["column"].Value} BETWEEN {Literal(from)} AND {Literal(to)}");
        foreach (var (macro, text) in new[]
        {
            ("$__timeFrom()", Literal(from)), ("$__timeTo()", Literal(to)),
            ("$__unixEpochFrom()", from.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)), ("$__unixEpochTo()", to.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        })
        {
            sql = sql.Replace(macro, text, StringComparison.Ordinal);
        }
        foreach (var (name, value) in variables)
            sql = sql.Replace($"${{{name}:sqlstring}}", $"'{value.Replace("'", "''", StringComparison.Ordinal)}'", StringComparison.Ordinal);
        return Refuse(sql);
    }

    static string Refuse(string query) => query.Contains('$', StringComparison.Ordinal)
        ? throw new InvalidOperationException($"Something of Grafana's is left that this test does not know: {query}")
        : query;

    [GeneratedRegex(@"\$__timeFilter\((?<column>[^)]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TimeFilter();
}
