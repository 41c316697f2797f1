namespace Forewarn.Ingestion;

/// <summary>Whether a counter falls more often than programs are restarted.</summary>
sealed class CounterCheck
{
    const int Most = 3;
    const long WindowMs = 600_000;
    const int Remembered = 64;

    readonly Dictionary<string, Queue<long>> _falls = new(StringComparer.Ordinal);

    /// <summary>Takes a fall.</summary>
    /// <param name="series">Name of the counter, with labels.</param>
    /// <param name="t">Event time, unix milliseconds.</param>
    public void Take(string series, long t)
    {
        if (!_falls.TryGetValue(series, out var times))
        {
            // When two send under one name all their counters fall; a few of them tell it.
            if (_falls.Count == Remembered)
                return;
            _falls[series] = times = new Queue<long>();
        }
        times.Enqueue(t);
        if (times.Count > Most)
            times.Dequeue();
    }

    /// <param name="newest">Newest event time, unix milliseconds.</param>
    public string? Look(long newest)
    {
        if (_falls.Count == 0)
            return null;
        string? found = null;
        foreach (var (series, times) in _falls)
        {
            while (times.TryPeek(out var t) && newest - t > WindowMs)
                times.Dequeue();
            if (times.Count == 0)
                _falls.Remove(series);
            else if (times.Count == Most)
                found ??= $"{series} has fallen {Most} times within 10 minutes: two send under this name, the program restarts all the time, or it is no counter";
        }
        return found;
    }
}
