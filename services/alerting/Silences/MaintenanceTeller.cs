namespace Forewarn.Alerting.Silences;

/// <summary>
/// Sees to it that the trainer leaves out what is measured during maintenance. What it may have been told is written down before it is
/// told, so that whatever happens in between, the times that must go are known.
/// </summary>
sealed class MaintenanceTeller(SilenceStore store, LeftOutTimes trainer, TimeProvider time, ILogger<MaintenanceTeller> logger) : BackgroundService
{
    static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    /// <summary>Whoever took a change tells of it at once; others take over when it does not.</summary>
    const long OthersWaitMs = 30_000;

    readonly SemaphoreSlim _soon = new(0, 1);
    readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>This replica has taken a change.</summary>
    public void TellSoon()
    {
        try
        {
            _soon.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is about to look anyway.
        }
    }

    public override void Dispose()
    {
        _soon.Dispose();
        _one.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isOwn = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await TellAsync(isOwn, stoppingToken);
            }
            catch (Exception outage) when (Outages.IsOutage(outage, stoppingToken))
            {
                Log.SilencesNotRead(logger, outage.Message);
            }
            isOwn = await WaitAsync(stoppingToken);
        }
    }

    /// <summary>Tells what is still to be told, and forgets what ended long ago.</summary>
    /// <param name="isOwn">This replica has taken a change: what is new is told, too.</param>
    internal async Task TellAsync(bool isOwn, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await TellAllAsync(isOwn, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    async Task TellAllAsync(bool isOwn, CancellationToken cancellationToken)
    {
        var list = await store.ReadAsync(cancellationToken);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (!ReferenceEquals(list.Swept(now), list))
            await store.ChangeAsync(newest => newest.Swept(now), cancellationToken);
        foreach (var record in list.Items.Where(record => !record.IsSettled && (isOwn || now - record.ChangedAt >= OthersWaitMs)))
        {
            try
            {
                await SettleAsync(record, cancellationToken);
            }
            catch (Exception outage) when (Outages.IsOutage(outage, cancellationToken))
            {
                Log.MaintenanceNotTold(logger, record.Info.Id, outage.Message);
            }
        }
    }

    async Task SettleAsync(SilenceRecord record, CancellationToken cancellationToken)
    {
        var wanted = record.Wanted;
        if (wanted is not null && !record.Told.Contains(wanted))
        {
            // The same hosts as before its end was changed, whoever has come meanwhile.
            wanted = wanted with { Entities = record.Told is [var before, ..] ? before.Entities : await trainer.EntitiesAsync(record.Info.Match, cancellationToken) };
            await ChangeAsync(record, told => told.Any(time => time.IsSame(wanted.From, wanted.To)) ? told : [.. told, wanted], cancellationToken);
        }
        if (wanted is { IsTold: false })
            await trainer.LeaveOutAsync(record.Info, wanted, cancellationToken);
        var others = record.Told.Where(told => wanted is null || !told.IsSame(wanted.From, wanted.To)).ToList();
        foreach (var other in others)
            await trainer.TakeBackAsync(other, cancellationToken);
        // What somebody else changed meanwhile stays, and differs from what is wanted then: the next look settles it.
        await ChangeAsync(
            record,
            told =>
            [
                .. told.Where(time => !others.Exists(other => other.IsSame(time.From, time.To)))
                    .Select(time => wanted is not null && time.IsSame(wanted.From, wanted.To) ? time with { IsTold = true } : time),
            ],
            cancellationToken);
    }

    async Task ChangeAsync(SilenceRecord record, Func<IReadOnlyList<LeftOutTime>, IReadOnlyList<LeftOutTime>> change, CancellationToken cancellationToken) =>
        await store.ChangeAsync(
            list => list.Items.FirstOrDefault(item => item.Info.Id == record.Info.Id) is { } newest ? list.Replaced(newest with { Told = change(newest.Told) }) : null,
            cancellationToken);

    /// <summary>True when this replica has taken a change.</summary>
    async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var signal = _soon.WaitAsync(enough.Token);
        var first = await Task.WhenAny(signal, Task.Delay(Period, time, enough.Token));
        await enough.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == signal || signal.IsCompletedSuccessfully;
    }
}
