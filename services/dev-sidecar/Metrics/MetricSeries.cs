using System.Globalization;
using System.Text;

namespace DevSidecar.Metrics;

/// <summary>One counter, gauge or histogram with its labels. Written from many threads without a lock.</summary>
sealed class MetricSeries(string labels, bool isHistogram)
{
    /// <summary>daprd's default latency buckets, milliseconds.</summary>
    static readonly double[] Bounds =
    [
        1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 30, 40, 50, 65, 80, 100, 130, 160, 200, 250, 300, 400, 500, 650, 800,
        1000, 2000, 5000, 10000, 20000, 50000, 100000,
    ];

    readonly long[]? _counts = isHistogram ? new long[Bounds.Length + 1] : null;
    double _value;

    public void Set(double value) => Volatile.Write(ref _value, value);

    /// <summary>Adds to a counter, or to the sum of a histogram and one of its buckets.</summary>
    public void Add(double value)
    {
        if (_counts is { } counts)
        {
            var bucket = Array.BinarySearch(Bounds, value);
            Interlocked.Increment(ref counts[bucket < 0 ? ~bucket : bucket]);
        }

        double seen;
        do
        {
            seen = Volatile.Read(ref _value);
        }
        while (Interlocked.CompareExchange(ref _value, seen + value, seen) != seen);
    }

    public void Write(StringBuilder text, string name)
    {
        var culture = CultureInfo.InvariantCulture;
        var value = Volatile.Read(ref _value);
        if (_counts is not { } counts)
        {
            text.Append(culture, $"{name}{{{labels}}} {value}\n");
            return;
        }

        var cumulated = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            cumulated += Volatile.Read(ref counts[i]);
            var bound = i < Bounds.Length ? Bounds[i].ToString(culture) : "+Inf";
            text.Append(culture, $"{name}_bucket{{{labels},le=\"{bound}\"}} {cumulated}\n");
        }

        text.Append(culture, $"{name}_sum{{{labels}}} {value}\n{name}_count{{{labels}}} {cumulated}\n");
    }
}
