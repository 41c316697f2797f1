using System.Runtime.ExceptionServices;

namespace Forewarn.Trainer;

/// <summary>Work on all cores whose outcome does not depend on how many there are.</summary>
static class InParallel
{
    /// <summary>Results in the order of the items. What one item throws is thrown as it is, not wrapped.</summary>
    public static TResult[] Select<TItem, TResult>(IReadOnlyList<TItem> items, Func<TItem, TResult> work, CancellationToken cancellationToken = default)
    {
        var results = new TResult[items.Count];
        try
        {
            Parallel.For(0, items.Count, new ParallelOptions { CancellationToken = cancellationToken }, i => results[i] = work(items[i]));
        }
        catch (AggregateException failed) when (failed.InnerException is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }
        return results;
    }
}
