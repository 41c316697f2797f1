using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>Series of one entity that travel in one table. Grows at its end and never changes otherwise, so that a place stays true. Only for <see cref="SeriesLayouts"/> to change.</summary>
sealed class SeriesBlock(string entity, string group)
{
    /// <summary>Columns at most: a request that holds only some of them should not be mostly holes.</summary>
    public const int MostColumns = 256;

    readonly List<SentSeries> _series = [];
    SeriesSchema? _schema;
    volatile bool _isRetired;

    public string Entity { get; } = entity;
    public string Group { get; } = group;
    public bool IsFull => _series.Count == MostColumns;

    /// <summary>Given up: its series get other places.</summary>
    public bool IsRetired
    {
        get => _isRetired;
        set => _isRetired = value;
    }

    public SeriesPlace Append(SentSeries series)
    {
        _series.Add(series);
        _schema = null;
        return new SeriesPlace(this, _series.Count - 1);
    }

    public string UnitOf(int column) => _series[column].Column.Unit;

    public SeriesSchema Schema => _schema ??= SeriesSchema.Of([.. _series.Select(series => series.Column)]);
}
