using Forewarn.Contracts;

namespace Forewarn.Alerting.Silences;

/// <summary>All silences and what the trainer still has to be told of them: one document, written only against its ETag.</summary>
public sealed record SilenceList
{
    /// <summary>Most that are kept, ended ones included.</summary>
    public const int Most = 1000;

    /// <summary>Ended ones are kept for a week, for whoever asks why nobody was told.</summary>
    public const long KeptMs = 7 * 86_400_000L;

    public int V { get; init; } = 1;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<SilenceRecord> Items
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Adds one; null when too many hold.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public SilenceList? With(SilenceRecord record, long now)
    {
        ArgumentNullException.ThrowIfNull(record);
        var others = Swept(now).Items.Where(item => item.Info.Id != record.Info.Id).ToList();
        if (others.Count >= Most)
        {
            // Room is made by what has ended and is settled, the oldest first.
            var oldest = others.LastOrDefault(item => item.Info.To <= now && item.IsSettled);
            if (oldest is null)
                return null;
            others.Remove(oldest);
        }
        return this with { Items = [record, .. others] };
    }

    /// <summary>Ends one now; null when it is not there or has ended.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public SilenceList? Ended(string id, long now)
    {
        var record = Items.FirstOrDefault(item => item.Info.Id == id);
        if (record is null || record.Info.To <= now)
            return null;
        // One that has not begun never holds.
        return Replaced(record with { Info = record.Info with { From = Math.Min(now, record.Info.From), To = now }, ChangedAt = now });
    }

    public SilenceList Replaced(SilenceRecord record) =>
        this with { Items = [.. Items.Select(item => item.Info.Id == record.Info.Id ? record : item)] };

    /// <summary>Without those that ended long ago.</summary>
    public SilenceList Swept(long now) => Items.Any(item => IsOld(item, now)) ? this with { Items = [.. Items.Where(item => !IsOld(item, now))] } : this;

    static bool IsOld(SilenceRecord record, long now) => now - record.Info.To > KeptMs;
}

/// <summary>A silence and, of maintenance, what the trainer knows of it.</summary>
public sealed record SilenceRecord
{
    public required SilenceInfo Info { get; init; }

    /// <summary>When it was made or ended, unix milliseconds.</summary>
    public required long ChangedAt { get; init; }

    /// <summary>The times that the trainer leaves out for it, or may have been told to; what differs from <see cref="Wanted"/> is still to be told.</summary>
    public IReadOnlyList<LeftOutTime> Told
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>What the trainer is to leave out; null for nothing.</summary>
    public LeftOutTime? Wanted => Info.Kind == SilenceKind.Maintenance && Info.To > Info.From
        ? Told.FirstOrDefault(told => told.IsSame(Info.From, Info.To)) ?? new LeftOutTime(Info.From, Info.To, [])
        : null;

    /// <summary>The trainer knows all.</summary>
    public bool IsSettled => Wanted is { } wanted ? wanted.IsTold && Told.Count == 1 : Told.Count == 0;
}

/// <summary>A time that is left out of training.</summary>
/// <param name="From">Unix milliseconds.</param>
/// <param name="To">Unix milliseconds.</param>
/// <param name="Entities">Of whom; the empty name = of all.</param>
public sealed record LeftOutTime(long From, long To, IReadOnlyList<string> Entities)
{
    /// <summary>The trainer has confirmed it.</summary>
    public bool IsTold { get; init; }

    public bool IsSame(long from, long to) => From == from && To == to;
}
