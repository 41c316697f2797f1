using System.Globalization;
using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>What was said, and its place in the order of arrival.</summary>
/// <param name="Event">The message.</param>
/// <param name="Seq">Grows with every message that changed the book.</param>
sealed record FeedbackEntry(FeedbackEvent Event, long Seq);

/// <summary>Where a page of feedback ended.</summary>
readonly record struct FeedbackCursor(long At, string Id)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}.{Id}");

    public static bool TryParse(string text, out FeedbackCursor cursor)
    {
        cursor = default;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1 || !long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var at))
            return false;
        cursor = new FeedbackCursor(at, text[(dot + 1)..]);
        return true;
    }
}

/// <summary>
/// All that people said, one entry for each incident or missed span: one document, changed only by these functions and
/// written only against its ETag. Repeated and overtaken messages end in the same entries.
/// </summary>
sealed record FeedbackBook
{
    /// <summary>The oldest go first; at the bounds of <see cref="FeedbackRules"/> the document stays below 2 MiB, half of what a sidecar takes.</summary>
    public const int Kept = 500;

    public int V { get; init; } = 1;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<FeedbackEntry> Entries { get; init; } = [];

    /// <summary>Of the newest arrival.</summary>
    public long Seq { get; init; }

    /// <summary>Arrivals up to this one a training has counted.</summary>
    public long CountedSeq { get; init; }

    /// <summary>Entries that no training has counted.</summary>
    public int Uncounted => Entries.Count(entry => entry.Seq > CountedSeq);

    /// <summary>Takes messages in any order; null when they tell nothing new.</summary>
    public FeedbackBook? With(IReadOnlyList<FeedbackEvent> messages)
    {
        var book = this;
        foreach (var message in messages)
            book = book.With(message);
        return book == this ? null : book;
    }

    /// <summary>What was said of an incident; null when nothing was.</summary>
    public FeedbackKind? KindOf(string incident) => Entries.FirstOrDefault(entry => entry.Event.Incident == incident)?.Event.Kind;

    /// <summary>A training counts what has arrived up to <paramref name="seq"/>; null when one has already.</summary>
    public FeedbackBook? Count(long seq) => seq > CountedSeq ? this with { CountedSeq = seq } : null;

    /// <summary>A claim of what was not counted, for a training that is to begin; null when it is fewer than <paramref name="needed"/>.</summary>
    public FeedbackBook? Claim(int needed) => Uncounted >= needed ? this with { CountedSeq = Seq } : null;

    /// <summary>Gives a claim back; null when another has counted on since.</summary>
    public FeedbackBook? Release(FeedbackBook claimed, long before) => CountedSeq == claimed.CountedSeq ? this with { CountedSeq = before } : null;

    /// <summary>A page of what fits, newest first.</summary>
    public Page<FeedbackEvent> List(string? incident, string? entity, FeedbackCursor? after, int limit)
    {
        var found = Entries.Select(entry => entry.Event)
            .Where(message => (incident is null || message.Incident == incident) && (entity is null || message.Entity == entity))
            .Where(message => after is not { } end || IsNewer((end.At, end.Id), (message.At, message.Id)))
            .Take(limit + 1).ToList();
        return found.Count <= limit
            ? new Page<FeedbackEvent>(found)
            : new Page<FeedbackEvent>(found[..limit], new FeedbackCursor(found[limit - 1].At, found[limit - 1].Id).ToString());
    }

    FeedbackBook With(FeedbackEvent message)
    {
        var known = Entries.FirstOrDefault(entry => entry.Event.Id == message.Id);
        // Said at the same instant: either would do, but every replica must keep the same.
        if (known is not null && (known.Event.At, known.Event.Kind).CompareTo((message.At, message.Kind)) >= 0)
            return this;
        var isFull = known is null && Entries.Count >= Kept;
        if (isFull && IsNewer(Order(Entries[^1].Event), Order(message)))
            return this;
        var others = Entries.Where(entry => entry != known).Take(Kept - 1);
        return this with
        {
            Entries = [.. others.Append(new FeedbackEntry(message, Seq + 1))
                .OrderByDescending(entry => entry.Event.At).ThenByDescending(entry => entry.Event.Id, StringComparer.Ordinal)],
            Seq = Seq + 1,
        };
    }

    static (long At, string Id) Order(FeedbackEvent message) => (message.At, message.Id);

    static bool IsNewer((long At, string Id) one, (long At, string Id) other) =>
        one.At != other.At ? one.At > other.At : string.CompareOrdinal(one.Id, other.Id) > 0;
}
