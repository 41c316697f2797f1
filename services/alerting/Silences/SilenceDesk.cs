using Forewarn.Contracts;

namespace Forewarn.Alerting.Silences;

/// <summary>Takes and ends silences: kept first, then known here, then told to other replicas and the trainer.</summary>
sealed class SilenceDesk(SilenceStore store, SilenceBook book, SilenceAnnouncer announcer, MaintenanceTeller maintenance, TimeProvider time)
{
    /// <param name="request">Judged by <see cref="SilenceRules"/>.</param>
    /// <returns>Null when too many hold.</returns>
    public async Task<SilenceInfo?> AddAsync(SilenceRequest request, CancellationToken cancellationToken)
    {
        var now = Now();
        var silence = new SilenceInfo
        {
            Id = Guid.NewGuid().ToString("N")[..12],
            Kind = request.Kind,
            Match = request.Match,
            From = request.From ?? now,
            To = request.To,
            Reason = request.Reason.Trim(),
            Who = request.Who.Trim(),
            At = now,
        };
        if (await store.ChangeAsync(list => list.With(new SilenceRecord { Info = silence, ChangedAt = now }, now), cancellationToken) is null)
            return null;
        await SpreadAsync(silence.Id, now, cancellationToken);
        return silence;
    }

    /// <summary>Ends one now.</summary>
    /// <returns>Null when it is not there or has ended.</returns>
    public async Task<SilenceInfo?> EndAsync(string id, CancellationToken cancellationToken)
    {
        var now = Now();
        var changed = await store.ChangeAsync(list => list.Ended(id, now), cancellationToken);
        if (changed is null)
            return null;
        await SpreadAsync(id, now, cancellationToken);
        return changed.Items.First(item => item.Info.Id == id).Info;
    }

    async Task SpreadAsync(string id, long now, CancellationToken cancellationToken)
    {
        await book.RefreshAsync(cancellationToken);
        await announcer.TellAsync(id, now, cancellationToken);
        maintenance.TellSoon();
    }

    long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
