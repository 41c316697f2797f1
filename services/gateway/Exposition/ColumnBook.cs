using System.Collections.Concurrent;
using Forewarn.Gateway.Live;

namespace Forewarn.Gateway.Exposition;

/// <summary>The columns of the schemas in use, read when they are first asked for.</summary>
sealed class ColumnBook(SchemaSource source, TimeProvider time, ILogger<ColumnBook> logger)
{
    const int AtOnce = 8;

    /// <summary>Scrapers wait ten seconds; what cannot be read in time is there the next time.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    readonly ConcurrentDictionary<string, ColumnLabels> _known = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, bool> _missed = new(StringComparer.Ordinal);

    /// <summary>The columns of these schemas, without those that cannot be read now.</summary>
    /// <param name="present">All schemas in use, so that no other is kept.</param>
    public async Task<IReadOnlyDictionary<string, ColumnLabels>> ReadAsync(
        IReadOnlySet<string> wanted, IReadOnlySet<string> present, CancellationToken cancellationToken)
    {
        Forget(_known, present);
        Forget(_missed, present);
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await Parallel.ForEachAsync(
                wanted.Where(hash => !_known.ContainsKey(hash)), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = either.Token }, ReadAsync);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // What was read counts.
        }
        return _known;
    }

    async ValueTask ReadAsync(string hash, CancellationToken cancellationToken)
    {
        try
        {
            _known[hash] = new ColumnLabels(await source(hash, cancellationToken));
            _missed.TryRemove(hash, out _);
        }
#pragma warning disable CA1031 // Whatever the reason, this schema cannot be told now; how much is left out is told.
        catch (Exception unknown) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // Once, not with every scrape.
            if (_missed.TryAdd(hash, true))
                Log.SchemaUnknown(logger, hash, unknown.Message);
        }
    }

    static void Forget<T>(ConcurrentDictionary<string, T> entries, IReadOnlySet<string> present)
    {
        foreach (var (hash, _) in entries)
        {
            if (!present.Contains(hash))
                entries.TryRemove(hash, out _);
        }
    }
}
