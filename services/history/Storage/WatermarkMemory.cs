using Forewarn.Contracts;

namespace Forewarn.History.Storage;

/// <summary>
/// What this replica knows of the watermarks of one stream. It may rely on that for publishers it has claimed, as long as no
/// other claim came: who asks holds the lock of <see cref="Watermarks"/>, under which <see cref="Known"/> was up to date.
/// </summary>
sealed class WatermarkMemory
{
    const int Fewest = 10_000;

    /// <summary>Who was silent for so long is claimed again, which also notes when it was seen.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    readonly Lock _lock = new();
    readonly Dictionary<(int Entity, string Producer), Publisher> _publishers = [];
    int _tidyAt = Fewest;

    /// <summary>The newest claim whose consequences were drawn.</summary>
    public long Known { get; private set; } = -1;

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _publishers.Count == 0;
        }
    }

    /// <summary>Tells which messages are new, and reserves them for a delivery.</summary>
    /// <param name="by">The delivery.</param>
    /// <param name="messages">Its messages.</param>
    /// <param name="claimed">Its publishers as they were found when it claimed them; null when it did not.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether all publishers are known, and another delivery whose end must be waited for before it can be told.</returns>
    public (bool Known, Admission? Other) Reserve(
        Admission by, IReadOnlyList<(int Entity, EntityMessage Message)> messages, Dictionary<(int, string), Publisher>? claimed, DateTimeOffset now)
    {
        lock (_lock)
        {
            var publishers = claimed ?? _publishers;
            for (var i = 0; i < messages.Count; i++)
            {
                var (entity, message) = messages[i];
                if (!publishers.TryGetValue((entity, message.Producer), out var publisher) || (claimed is null && now - publisher.Used > Patience))
                {
                    by.Release();
                    return (false, null);
                }
                if (publisher.Applied.Contains(message.Seq))
                    continue;
                if (publisher.StoredBy(message.Seq) is { } other)
                {
                    if (other == by)
                        continue; // Twice in this delivery.
                    by.Release();
                    return (true, other);
                }
                by.Reserve(publisher, message.Seq, i);
            }
            foreach (var publisher in by.Publishers)
                publisher.Used = now;
            return (true, null);
        }
    }

    /// <summary>What a delivery is storing, by watermark.</summary>
    public List<(long Watermark, long Low, long High)> Runs(Admission by)
    {
        lock (_lock)
        {
            var runs = new List<(long, long, long)>(by.Publishers.Count);
            foreach (var publisher in by.Publishers)
                publisher.AddRuns(by, runs);
            return runs;
        }
    }

    /// <summary>Others have claimed these publishers.</summary>
    public void Lose(IEnumerable<(int, string)> publishers, long claim)
    {
        lock (_lock)
        {
            foreach (var key in publishers)
                _publishers.Remove(key);
            Known = Math.Max(Known, claim);
        }
    }

    /// <summary>Nothing can be relied upon.</summary>
    public void LoseAll(long claim)
    {
        lock (_lock)
        {
            _publishers.Clear();
            Known = claim;
        }
    }

    /// <summary>A delivery has been stored; what it has claimed may be relied upon unless something was claimed since.</summary>
    public void Stored(Admission by, Dictionary<(int, string), Publisher>? claimed, long claim, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var publisher in by.Publishers)
                publisher.End(by, stored: true);
            if (claimed is null || Known > claim)
                return;
            Known = claim;
            if (_publishers.Count + claimed.Count > _tidyAt)
                Tidy(now);
            foreach (var (key, publisher) in claimed)
            {
                publisher.Used = now;
                _publishers[key] = publisher;
            }
        }
    }

    /// <summary>A delivery has failed, and perhaps was stored all the same: who knows what its publishers have stored must ask again.</summary>
    public void Failed(Admission by)
    {
        lock (_lock)
        {
            foreach (var publisher in by.Publishers)
            {
                if (_publishers.TryGetValue(publisher.Key, out var known) && known == publisher)
                    _publishers.Remove(publisher.Key);
            }
            by.Release();
        }
    }

    void Tidy(DateTimeOffset now)
    {
        foreach (var (key, publisher) in _publishers)
        {
            if (now - publisher.Used > Patience)
                _publishers.Remove(key);
        }
        _tidyAt = Math.Max(Fewest, 2 * _publishers.Count);
    }
}
