namespace Forewarn.Bench.Rig;

/// <summary>
/// Takes the processor time of the same work round after round; rounds below 0 only warm up. All work here is on one
/// thread, and processor time does not count what others on the machine do meanwhile.
/// </summary>
sealed class Clock
{
    readonly List<double> _microseconds = [];

    public double Median => Middle(_microseconds);

    public void Time(int round, Action work)
    {
        var start = Environment.CpuUsage.TotalTime;
        work();
        if (round >= 0)
            _microseconds.Add((Environment.CpuUsage.TotalTime - start).TotalMicroseconds);
    }

    /// <summary>Median of the rounds' ratios: what disturbs a round disturbs both.</summary>
    public double RatioTo(Clock other) => Middle([.. _microseconds.Zip(other._microseconds, (one, two) => one / two)]);

    static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
