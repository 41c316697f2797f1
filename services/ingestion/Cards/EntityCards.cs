using Dapr;
using Forewarn.Contracts;
using Grpc.Core;

namespace Forewarn.Ingestion;

/// <summary>
/// Keeps a card of each entity whose sources say what it is and where it runs. Doors only note what they hear; a round a second compares what is new with the
/// store and writes what differs. While the store is away everything waits, one card of each entity.
/// </summary>
sealed class EntityCards(CardStore store, IngestionOptions options, TimeProvider time, ILogger<EntityCards> logger) : BackgroundService
{
    /// <summary>Cards looked at in a round at most, so that a fleet that comes at once does not keep others from the store.</summary>
    public const int MostOfRound = 100;

    static readonly TimeSpan _round = TimeSpan.FromSeconds(1);

    readonly CardBook _book = new(options.MaxEntities, (long)options.Retention.TotalMilliseconds / 2);
    bool _away;

    /// <summary>Takes what a source says of an entity; the same again costs next to nothing.</summary>
    /// <param name="entity">Of whom.</param>
    /// <param name="attributes">At most <see cref="EntityCard.MostAttributes"/>, allowed by <see cref="CardAttributes"/>; not to be changed afterwards.</param>
    public void Say(string entity, IReadOnlyDictionary<string, string> attributes) => _book.Say(entity, attributes, Now);

    long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>One round.</summary>
    /// <returns>How many cards were written.</returns>
    public async Task<int> KeepAsync(CancellationToken cancellationToken)
    {
        var written = 0;
        try
        {
            foreach (var (entity, attributes) in _book.Due(Now, MostOfRound))
                written += await KeepAsync(entity, attributes, cancellationToken) ? 1 : 0;
            _away = false;
        }
        catch (Exception outage) when (outage is DaprException or RpcException or HttpRequestException)
        {
            if (!_away && !cancellationToken.IsCancellationRequested)
                Log.CardsWait(logger, outage.GetBaseException().Message);
            _away = true;
        }
        return written;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_round, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await KeepAsync(stoppingToken);
    }

    async Task<bool> KeepAsync(string entity, IReadOnlyDictionary<string, string> said, CancellationToken cancellationToken)
    {
        var now = Now;
        var (stored, etag) = await store.LoadAsync(entity, cancellationToken);
        if (stored is not null && CardBook.Holds(stored.Attributes, said) && now - stored.At < options.Retention.TotalMilliseconds / 2)
        {
            _book.Kept(stored, said, isNew: false, now);
            return false;
        }
        var card = new EntityCard { Entity = entity, Attributes = stored is null ? said : CardBook.Sum(stored.Attributes, said), At = now };
        // Where another replica has written in between, the next round sees what.
        if (!await store.TrySaveAsync(card, etag, options.Retention, cancellationToken))
            return false;
        _book.Kept(card, said, isNew: true, now);
        return true;
    }
}
