namespace Forewarn.Ingestion;

/// <summary>What is asked, and what its series are called beside what they say themselves.</summary>
/// <param name="Url">Of the exposition.</param>
/// <param name="Labels">Of all its series: <c>job</c>, <c>instance</c> and those of configuration, in ordinal order.</param>
sealed record ScrapeTarget(Uri Url, IReadOnlyList<KeyValuePair<string, string>> Labels)
{
    const string PathLabel = "__metrics_path__";
    const string SchemeLabel = "__scheme__";

    /// <summary>Two with the same key are one.</summary>
    public string Key { get; } = $"{Url} {string.Join(',', Labels.Select(label => $"{label.Key}={label.Value}"))}";

    /// <summary>What is kept of it on the card of its entity: the job and what configuration says, but for the label that names the entity.</summary>
    public IReadOnlyDictionary<string, string> Card { get; } =
        CardAttributes.Fitting(Labels.Where((_, at) => at != EntityTag.In([.. Labels], EntityTag.PrometheusOrder)));

    /// <summary>A target of a job; null when its address is none.</summary>
    /// <param name="job">Whose.</param>
    /// <param name="address"><c>host:port</c>.</param>
    /// <param name="more">Labels of its group; those that begin with two underscores say how it is asked, as in Prometheus, and are no labels of series.</param>
    public static ScrapeTarget? Of(ScrapeJobOptions job, string address, IEnumerable<KeyValuePair<string, string>> more)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal) { [PromNames.Job] = job.Name, ["instance"] = address };
        var (path, scheme) = (job.Path, job.Scheme);
        foreach (var (key, value) in job.Labels.Concat(more))
        {
            if (key == PathLabel)
                path = value;
            else if (key == SchemeLabel)
                scheme = value;
            else if (!key.StartsWith("__", StringComparison.Ordinal))
                labels[key] = value;
        }
        // One of them names the entity.
        return labels.Count <= Names.MaxLabels + 1 && TcpTarget.TryParse(address, out _) && scheme is "http" or "https" && Uri.TryCreate($"{scheme}://{address}{path}", UriKind.Absolute, out var url)
            ? new ScrapeTarget(url, [.. labels])
            : null;
    }

    /// <summary>Where in the interval it is asked, so that targets spread over it; the same after a restart.</summary>
    public TimeSpan Offset(TimeSpan interval)
    {
        var hash = System.IO.Hashing.XxHash3.HashToUInt64(System.Text.Encoding.UTF8.GetBytes(Key));
        return TimeSpan.FromMilliseconds(hash % (ulong)interval.TotalMilliseconds);
    }
}
