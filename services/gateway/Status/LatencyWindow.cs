using Forewarn.Contracts;

namespace Forewarn.Gateway.Status;

/// <summary>Percentiles (nearest rank) over the newest observations.</summary>
sealed class LatencyWindow(int capacity)
{
    readonly Lock _gate = new();
    readonly Queue<double> _newest = new(capacity);

    public void Add(double milliseconds)
    {
        lock (_gate)
        {
            if (_newest.Count == capacity)
                _newest.Dequeue();
            _newest.Enqueue(milliseconds);
        }
    }

    public LatencyMs Read()
    {
        double[] sorted;
        lock (_gate)
            sorted = [.. _newest];
        if (sorted.Length == 0)
            return new LatencyMs(null, null, 0);
        Array.Sort(sorted);
        return new LatencyMs(At(sorted, 0.50), At(sorted, 0.99), sorted.Length);
    }

    static double At(double[] sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
}
