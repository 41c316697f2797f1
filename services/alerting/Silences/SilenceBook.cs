using Forewarn.Contracts;

namespace Forewarn.Alerting.Silences;

/// <summary>The silences that this replica knows, asked for every incident without a wait; at most five seconds behind.</summary>
sealed class SilenceBook(SilenceStore store, TimeProvider time, ILogger<SilenceBook> logger) : BackgroundService
{
    static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim _one = new(1, 1);
    volatile IReadOnlyList<SilenceInfo>? _known;
    IReadOnlyList<SilenceInfo> _holding = [];

    /// <summary>Newest first; empty before the first reading.</summary>
    public IReadOnlyList<SilenceInfo> All => _known ?? [];

    /// <summary>Null when ready: what nobody should be told of might be told before.</summary>
    public string? NotReadyBecause => _known is null ? "the silences have not been read yet" : null;

    /// <summary>Others hold than before, or one began or ended.</summary>
    public event EventHandler? Changed;

    /// <summary>The silence that keeps an incident from being told; null = none.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public SilenceInfo? MutedBy(IncidentEvent incident, long now) => MutedBy(All, incident, now);

    /// <inheritdoc cref="MutedBy(IncidentEvent, long)"/>
    public static SilenceInfo? MutedBy(IReadOnlyList<SilenceInfo> silences, IncidentEvent incident, long now)
    {
        foreach (var silence in silences)
        {
            if (silence.From <= now && now < silence.To && AlertMatching.Matches(silence.Match, incident))
                return silence;
        }
        return null;
    }

    /// <summary>Reads what there is now.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        // In turn, so that an earlier reading never replaces a later one.
        await _one.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var list = await store.ReadAsync(cancellationToken);
            _known = [.. list.Items.Select(record => record.Info)];
            var holding = _known.Where(silence => silence.From <= now && now < silence.To).ToList();
            var isChanged = !holding.Select(Identity).SequenceEqual(_holding.Select(Identity));
            _holding = holding;
            if (isChanged)
                Changed?.Invoke(this, EventArgs.Empty);
        }
        finally
        {
            _one.Release();
        }
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (Exception outage) when (Outages.IsOutage(outage, stoppingToken))
            {
                Log.SilencesNotRead(logger, outage.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // Of one silence only its end changes.
    static (string Id, long To) Identity(SilenceInfo silence) => (silence.Id, silence.To);
}
