namespace Forewarn.Alerting.Notifications;

/// <summary>How long to wait after a failed attempt.</summary>
public static class Backoff
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Between attempts of which nobody expects anything before somebody has changed a setting.</summary>
    public static readonly TimeSpan Permanent = TimeSpan.FromMinutes(15);

    const double Jitter = 0.2;

    /// <summary>
    /// Doubles from <see cref="First"/> to <see cref="Longest"/>, up to a fifth less or more. The jitter comes from the id, so that a
    /// thousand queues that failed together do not come back together, and the same attempt always waits as long.
    /// </summary>
    /// <param name="id">Of the notification.</param>
    /// <param name="attempts">Failed ones, at least 1.</param>
    /// <param name="refusal">The newest.</param>
    /// <returns>Milliseconds.</returns>
    public static long DelayMs(string id, int attempts, Refusal refusal)
    {
        var doubled = refusal.IsPermanent
            ? Permanent.TotalMilliseconds
            : Math.Min(First.TotalMilliseconds * Math.Pow(2, Math.Min(attempts - 1, 30)), Longest.TotalMilliseconds);
        var delay = doubled * (1 - Jitter + 2 * Jitter * Fraction(id, attempts));
        return (long)Math.Max(delay, Math.Min(refusal.RetryAfterMs, Permanent.TotalMilliseconds));
    }

    /// <summary>FNV-1a, and SplitMix64's last steps to spread it evenly; the same in every process, unlike <see cref="string.GetHashCode()"/>.</summary>
    static double Fraction(string id, int attempts)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in id)
            hash = (hash ^ c) * 1099511628211UL;
        hash = (hash ^ (uint)attempts) * 1099511628211UL;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        hash ^= hash >> 31;
        return (hash >> 11) / (double)(1UL << 53);
    }
}
