namespace Forewarn.Ingestion;

/// <summary>Series of one version of the protocol by the bytes that name them. Thread-safe.</summary>
sealed class KnownSeries
{
    /// <summary>Of a generation; a series takes about a kilobyte and a half.</summary>
    const int Most = 200_000;

    /// <summary>Longer names are read again each time, so that they cannot fill the memory.</summary>
    const int LongestName = 4_096;

    SeriesCache<PromSeries> _samples = new(Most);
    SeriesCache<PromHistogram> _histograms = new(Most / 4);

    /// <summary>Texts of version 2.</summary>
    public KnownSymbols Symbols { get; } = new(Most);

    /// <summary>Where buckets find their histogram.</summary>
    public ClassicHistograms Classic { get; } = new(Most / 4);

    public PromSeries? Sample(ReadOnlySpan<byte> name) => Volatile.Read(ref _samples).TryGet(name, out var series) ? series : null;

    public PromHistogram? Histogram(ReadOnlySpan<byte> name) => Volatile.Read(ref _histograms).TryGet(name, out var series) ? series : null;

    public PromSeries Add(ReadOnlySpan<byte> name, PromSeries series)
    {
        if (name.Length <= LongestName)
            Volatile.Read(ref _samples).Add(name, series);
        return series;
    }

    public PromHistogram Add(ReadOnlySpan<byte> name, PromHistogram series)
    {
        if (name.Length <= LongestName)
            Volatile.Read(ref _histograms).Add(name, series);
        return series;
    }

    /// <summary>What they mean has changed.</summary>
    public void Clear()
    {
        Volatile.Write(ref _samples, new SeriesCache<PromSeries>(Most));
        Volatile.Write(ref _histograms, new SeriesCache<PromHistogram>(Most / 4));
    }
}
