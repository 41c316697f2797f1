namespace Forewarn.Compliance;

/// <summary>The metrics of a sidecar as text, the labels of every series sorted, which have no order for Prometheus.</summary>
static class MetricsPage
{
    public static async Task<string> ReadAsync(ISidecar sidecar)
    {
        using var http = new HttpClient();
        var page = await http.GetStringAsync($"http://127.0.0.1:{sidecar.MetricsPort}/metrics");
        return string.Join('\n', page.Split('\n').Select(Sorted));
    }

    /// <summary>A series with its labels sorted.</summary>
    public static string Sorted(string line)
    {
        var (start, end) = (line.IndexOf('{', StringComparison.Ordinal), line.LastIndexOf("\"}", StringComparison.Ordinal));
        if (start < 0 || end < 0)
        {
            return line;
        }

        var labels = line[(start + 1)..end].Split("\",");
        var sorted = labels.OrderBy(l => l.StartsWith("le=", StringComparison.Ordinal)).ThenBy(l => l, StringComparer.Ordinal);
        return $"{line[..start]}{{{string.Join("\",", sorted)}{line[end..]}";
    }
}
