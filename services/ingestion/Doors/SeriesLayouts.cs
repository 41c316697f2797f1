using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>
/// Where each series of a door stands in what is published. Senders cut what they measure at one time into requests as it suits them
/// (Prometheus by queue, Telegraf by count); a series keeps its block and column whatever comes with it, so that the schema of
/// a message does not change with every request. Thread-safe.
/// </summary>
/// <param name="maxEntities">Entities of a day at most.</param>
/// <param name="maxSeries">Series of an entity at most, counted over a day.</param>
/// <param name="tell">Hears of what has no place.</param>
sealed class SeriesLayouts(int maxEntities, int maxSeries, Action<Finding>? tell = null)
{
    const long DayMs = 86_400_000;

    readonly Dictionary<string, EntityLayout> _entities = new(StringComparer.Ordinal);
    readonly Lock _gate = new();

    /// <summary>Gives a place to those series that have none.</summary>
    /// <param name="series">In any order, which does not matter: new ones are placed in the order of their ids.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>Why some have no place: the limit that the first of them would pass; null when all have one.</returns>
    public string? Place(IEnumerable<SentSeries> series, long now)
    {
        string? first = null;
        lock (_gate)
        {
            foreach (var one in series.OrderBy(one => one.Column.Id, StringComparer.Ordinal))
            {
                one.Place = null;
                if (Layout(one.Entity, now) is not { } layout)
                    Refuse($"forewarn/{Apps.Ingestion}", $"{one.Entity} is new, and {maxEntities} entities are the limit (INGESTION__MAXENTITIES)");
                else if (!layout.TryPlace(one, maxSeries, now))
                    Refuse(one.Entity, $"{one.Column.Canonical()} would give {one.Entity} more than {maxSeries} series (INGESTION__MAXSERIESPERENTITY)");
            }
        }
        return first;

        void Refuse(string entity, string reason)
        {
            first ??= reason;
            tell?.Invoke(new Finding(entity, QualityChecks.Limit, $"series are refused: {reason}"));
        }
    }

    /// <summary>What a block holds by now.</summary>
    public SeriesSchema SchemaOf(SeriesBlock block)
    {
        lock (_gate)
            return block.Schema;
    }

    EntityLayout? Layout(string entity, long now)
    {
        if (_entities.TryGetValue(entity, out var layout))
            return layout;
        if (_entities.Count >= maxEntities)
            ForgetOld(now);
        return _entities.Count >= maxEntities ? null : _entities[entity] = new EntityLayout(now);
    }

    void ForgetOld(long now)
    {
        foreach (var (entity, layout) in _entities.Where(pair => now - pair.Value.LastPlaced > DayMs).ToList())
        {
            layout.Retire();
            _entities.Remove(entity);
        }
    }

    sealed class EntityLayout(long begun)
    {
        readonly Dictionary<string, SeriesPlace> _places = new(StringComparer.Ordinal);
        readonly Dictionary<string, SeriesBlock> _open = new(StringComparer.Ordinal);
        long _begun = begun;

        /// <summary>When a series last got a place here. One that already has it does not ask, so a quiet layout may be forgotten and made again.</summary>
        public long LastPlaced { get; private set; } = begun;

        public bool TryPlace(SentSeries series, int maxSeries, long now)
        {
            LastPlaced = now;
            // A sender has said since what it is: its block is given up with the wrong unit.
            if (_places.TryGetValue(series.Column.Id, out var former) && former.Block.UnitOf(former.Column) != series.Column.Unit)
                Retire(former.Block);
            if (!_places.TryGetValue(series.Column.Id, out var place))
            {
                // Names that came and went fill a layout in the end; whatever is still sent finds a place in the next.
                if (_places.Count >= maxSeries && now - _begun > DayMs)
                    Retire(now);
                if (_places.Count >= maxSeries)
                    return false;
                place = Block(series).Append(series);
                _places[series.Column.Id] = place;
            }
            series.Place = place;
            return true;
        }

        public void Retire(long now = 0)
        {
            foreach (var place in _places.Values)
                place.Block.IsRetired = true;
            _places.Clear();
            _open.Clear();
            _begun = now;
        }

        void Retire(SeriesBlock block)
        {
            block.IsRetired = true;
            foreach (var (id, _) in _places.Where(pair => pair.Value.Block == block).ToList())
                _places.Remove(id);
            if (_open.GetValueOrDefault(block.Group) == block)
                _open.Remove(block.Group);
        }

        SeriesBlock Block(SentSeries series)
        {
            if (!_open.TryGetValue(series.Group, out var block) || block.IsFull)
                _open[series.Group] = block = new SeriesBlock(series.Entity, series.Group);
            return block;
        }
    }
}
