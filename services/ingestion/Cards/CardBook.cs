using System.Collections.Concurrent;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>
/// What sources have said of entities, and which cards the store may not have yet. What is said adds up: a name said again has its new value, a name that is
/// not repeated stays. Whoever says the same again costs one look-up. Thread-safe, without clock and store; times are unix milliseconds.
/// </summary>
/// <param name="most">Entities remembered at most.</param>
/// <param name="refreshMs">A card is written again so long after it was, although nothing has changed: the store forgets what nobody speaks of.</param>
sealed class CardBook(int most, long refreshMs)
{
    /// <summary>Sources that contradict each other about one entity must not make a write of every request.</summary>
    const long FirstPauseMs = 10_000;

    const long LongestPauseMs = 3_600_000;

    readonly ConcurrentDictionary<string, Page> _pages = new(StringComparer.Ordinal);
    readonly HashSet<string> _due = new(StringComparer.Ordinal);
    readonly Lock _gate = new();

    /// <summary>Takes what a source says.</summary>
    /// <param name="entity">Of whom.</param>
    /// <param name="attributes">At most <see cref="EntityCard.MostAttributes"/>; not to be changed afterwards.</param>
    /// <param name="now">The time.</param>
    public void Say(string entity, IReadOnlyDictionary<string, string> attributes, long now)
    {
        if (attributes.Count == 0 || (_pages.TryGetValue(entity, out var known) && known.RefreshAt > now && known.Says(attributes)))
            return;
        lock (_gate)
        {
            if (!_pages.TryGetValue(entity, out var page))
            {
                if (_pages.Count >= most && !ForgetKept())
                    return;
                page = Page.Empty;
            }
            _pages[entity] = page with { Attributes = Sum(page.Attributes, attributes), Last = attributes, RefreshAt = Page.Never };
            _due.Add(entity);
        }
    }

    /// <summary>Cards that should be compared with the store now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<(string Entity, IReadOnlyDictionary<string, string> Attributes)> Due(long now, int count)
    {
        lock (_gate)
        {
            return [.. _due.Where(entity => _pages[entity].NotBefore <= now).Take(count).Select(entity => (entity, _pages[entity].Attributes))];
        }
    }

    /// <summary>The store has a card. What was said in the meantime is due all the same.</summary>
    /// <param name="card">As it lies there.</param>
    /// <param name="said">What <see cref="Due"/> gave.</param>
    /// <param name="isNew">Whether it was written now.</param>
    /// <param name="now">The time.</param>
    public void Kept(EntityCard card, IReadOnlyDictionary<string, string> said, bool isNew, long now)
    {
        lock (_gate)
        {
            if (!_pages.TryGetValue(card.Entity, out var page))
                return;
            var isAll = ReferenceEquals(page.Attributes, said);
            _pages[card.Entity] = page with
            {
                Attributes = isAll ? card.Attributes : Sum(card.Attributes, page.Attributes),
                RefreshAt = card.At + refreshMs,
                NotBefore = isNew ? now + page.PauseMs : page.NotBefore,
                PauseMs = isNew ? Math.Min(2 * page.PauseMs, LongestPauseMs) : page.PauseMs,
            };
            if (isAll)
                _due.Remove(card.Entity);
        }
    }

    /// <summary>What is known and what is said now; of more than fit, those said now.</summary>
    public static IReadOnlyDictionary<string, string> Sum(IReadOnlyDictionary<string, string> known, IReadOnlyDictionary<string, string> said)
    {
        var sum = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in said.Concat(known.Where(pair => !said.ContainsKey(pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal)))
        {
            if (sum.Count < EntityCard.MostAttributes)
                sum[name] = value;
        }
        return new Dictionary<string, string>(sum, StringComparer.Ordinal);
    }

    /// <summary>Whether one holds all that the other does.</summary>
    public static bool Holds(IReadOnlyDictionary<string, string> all, IReadOnlyDictionary<string, string> some)
    {
        foreach (var (name, value) in some)
        {
            if (!all.TryGetValue(name, out var known) || known != value)
                return false;
        }
        return true;
    }

    /// <summary>What the store has is found there again. False when there is no such card.</summary>
    bool ForgetKept()
    {
        foreach (var entity in _pages.Keys.Where(entity => !_due.Contains(entity)).ToList())
            _pages.TryRemove(entity, out _);
        return _pages.Count < most;
    }

    /// <summary>What is known of an entity.</summary>
    /// <param name="Attributes">All of it.</param>
    /// <param name="Last">What was said last, which most sources say again with the same object.</param>
    /// <param name="RefreshAt">Until when nothing has to be done while nothing new is said.</param>
    /// <param name="NotBefore">When it may be written next.</param>
    /// <param name="PauseMs">Between that write and the one after it.</param>
    sealed record Page(
        IReadOnlyDictionary<string, string> Attributes, IReadOnlyDictionary<string, string> Last, long RefreshAt, long NotBefore, long PauseMs)
    {
        /// <summary>While a card is due, nobody has to say so again.</summary>
        public const long Never = long.MaxValue;

        static readonly Dictionary<string, string> _nothing = new(StringComparer.Ordinal);

        public static Page Empty { get; } = new(_nothing, _nothing, Never, 0, FirstPauseMs);

        public bool Says(IReadOnlyDictionary<string, string> attributes) => ReferenceEquals(Last, attributes) || Holds(Attributes, attributes);
    }
}
