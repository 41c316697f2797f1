using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>
/// Between what measures here (host, probes) and the broker: measuring never waits, and an outage of the broker costs
/// nothing until the outbox is full; then the oldest go, counted.
/// </summary>
sealed class Outbox(BatchPublisher publisher, IngestionOptions options, Telemetry telemetry, TimeProvider time, ILogger<Outbox> logger)
    : BackgroundService
{
    static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    readonly Queue<Submission> _waiting = new();
    readonly SemaphoreSlim _news = new(0, 1);
    readonly Lock _gate = new();
    bool _away;

    public void Add(Submission submission)
    {
        lock (_gate)
        {
            if (_waiting.Count == options.OutboxCapacity)
                telemetry.Dropped(_waiting.Dequeue().Source);
            _waiting.Enqueue(submission);
            if (_news.CurrentCount == 0)
                _news.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _news.WaitAsync(stoppingToken);
            while (TakeAll() is { Count: > 0 } batch)
            {
                if (await TryPublishAsync(batch, stoppingToken))
                    continue;
                PutBack(batch);
                await Task.Delay(_pause, time, stoppingToken);
            }
        }
    }

    async Task<bool> TryPublishAsync(List<Submission> batch, CancellationToken cancellationToken)
    {
        try
        {
            var received = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (await publisher.PublishAsync(Merge(batch), received, cancellationToken) is { } refusal)
            {
                telemetry.Refused(refusal.Code);
                Log.OwnSamplesRefused(logger, refusal.Field, refusal.Reason);
            }
            _away = false;
            return true;
        }
        catch (UnavailableException outage)
        {
            if (!_away)
                Log.BrokerAway(logger, batch.Count, outage.Message);
            _away = true;
            return false;
        }
    }

    List<Submission> TakeAll()
    {
        lock (_gate)
        {
            var all = _waiting.ToList();
            _waiting.Clear();
            return all;
        }
    }

    void PutBack(List<Submission> batch)
    {
        lock (_gate)
        {
            var all = batch.Concat(_waiting).ToList();
            _waiting.Clear();
            foreach (var submission in all.Skip(all.Count - options.OutboxCapacity))
                _waiting.Enqueue(submission);
            for (var excess = all.Count - options.OutboxCapacity; excess > 0; excess--)
                telemetry.Dropped(all[excess - 1].Source);
        }
    }

    /// <summary>After an outage many rows of one entity wait; they travel as few messages.</summary>
    internal static List<Submission> Merge(IReadOnlyList<Submission> batch)
    {
        var merged = new List<Submission>();
        foreach (var group in batch.GroupBy(submission => (submission.Entity, submission.Schema.Hash, submission.Source)))
        {
            var rows = new SortedDictionary<long, MetricRow>();
            foreach (var row in group.SelectMany(submission => submission.Rows))
                rows[row.T] = row;
            merged.Add(group.First() with { Rows = [.. rows.Values] });
        }
        return merged;
    }

    public override void Dispose()
    {
        _news.Dispose();
        base.Dispose();
    }
}
