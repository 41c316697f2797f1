namespace Forewarn.Ingestion;

/// <summary>Waiting for the next whole multiple of an interval on the wall clock.</summary>
static class Grid
{
    /// <summary>Returns that multiple, later by <paramref name="offset"/>, unix milliseconds. Points that passed meanwhile are left out, never made up for.</summary>
    public static async Task<long> NextAsync(TimeProvider time, TimeSpan interval, CancellationToken cancellationToken, TimeSpan offset = default)
    {
        var (intervalMs, offsetMs) = ((long)interval.TotalMilliseconds, (long)offset.TotalMilliseconds);
        var next = ((time.GetUtcNow().ToUnixTimeMilliseconds() - offsetMs) / intervalMs + 1) * intervalMs + offsetMs;
        // A timer may fire a little early; the loop waits for the rest.
        while (next - time.GetUtcNow().ToUnixTimeMilliseconds() is > 0 and var left)
            await Task.Delay(TimeSpan.FromMilliseconds(left), time, cancellationToken);
        return next;
    }
}
