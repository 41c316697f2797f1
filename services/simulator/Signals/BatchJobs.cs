namespace Forewarn.Simulator;

/// <summary>A job that runs by the clock, as cron starts them: the same length each time, the same work but for a little.</summary>
sealed class BatchJobs
{
    static readonly int[] _periods = [60, 120, 300];

    readonly int _seed;
    readonly int _period;
    readonly int _offset;
    readonly int _length;

    public BatchJobs(Random random)
    {
        _seed = random.Next();
        _period = _periods[random.Next(_periods.Length)];
        _offset = random.Next(_period);
        _length = random.Next(8, 25);
    }

    /// <summary>How hard it works: 0 between runs, around 1 in one.</summary>
    /// <param name="t">Unix milliseconds.</param>
    public double At(long t)
    {
        var second = t / 1000 - _offset;
        var (run, within) = Math.DivRem(second, _period);
        return within < _length ? 0.8 + 0.4 * Share(run) : 0;
    }

    /// <summary>0 to 1, by the number of the run alone.</summary>
    double Share(long run)
    {
        var mixed = unchecked((ulong)(run + _seed) * 0x9E3779B97F4A7C15);
        return (mixed >> 11) / (double)(1UL << 53);
    }
}
