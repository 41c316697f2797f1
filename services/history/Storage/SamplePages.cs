using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.Searches;

namespace Forewarn.History.Storage;

/// <summary>The columns of one schema that are asked for, and the column of the answer that each goes to.</summary>
sealed record SampleSource(SchemaUse Use, int[] Ordinals, int[] Targets);

/// <summary>What is asked for of one entity: its schemas, and the series of all of them, each once.</summary>
sealed class SampleColumns
{
    readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    readonly List<SampleSource> _sources = [];
    readonly List<SampleSeries> _series = [];

    public IReadOnlyList<SampleSource> Sources => _sources;

    public IReadOnlyList<SampleSeries> Series => _series;

    /// <summary>What describing all series costs as JSON.</summary>
    public long Bytes { get; private set; }

    public void Add(SchemaUse use, IReadOnlyList<(int Ordinal, SeriesColumn Column)> columns)
    {
        foreach (var (_, column) in columns)
        {
            if (!_indexes.TryAdd(column.Id, _series.Count))
                continue;
            var one = new SampleSeries(column.Id, column.Name, column.Unit, column.Labels);
            _series.Add(one);
            Bytes += JsonSerializer.SerializeToUtf8Bytes(one, ContractJson.Default.SampleSeries).Length + 1;
        }
        _sources.Add(new SampleSource(use, [.. columns.Select(pair => pair.Ordinal)], [.. columns.Select(pair => _indexes[pair.Column.Id])]));
    }
}

/// <summary>A page of samples that is being filled.</summary>
sealed class PageInProgress(int mostBytes, int mostRows)
{
    /// <summary>What a value costs as JSON at most, of a row and of a step with its four figures, what a missing one does, and what surrounds them.</summary>
    const int BytesPerValue = 26, BytesPerBucket = 3 * 26 + 12, BytesPerGap = 5, BytesPerRow = 90;

    readonly List<SampleSet> _sets = [];
    long _bytes;
    int _rows;

    /// <summary>Pieces that were read for it.</summary>
    public int Chunks { get; set; }

    /// <summary>Rows of an entity that have room yet; 0 when the next page must take them.</summary>
    /// <exception cref="BadRequestException">No page could hold them.</exception>
    public int RoomFor(string entity, SampleColumns columns, bool steps)
    {
        var described = columns.Bytes + 2 * entity.Length;
        var widest = columns.Sources.Max(source => source.Ordinals.Length);
        // A step merges schemas, a row is of one of them and has gaps in the columns of the others.
        var row = BytesPerRow + (steps ? (long)columns.Series.Count * BytesPerBucket : (long)widest * BytesPerValue + (columns.Series.Count - widest) * BytesPerGap);
        if (described + row > mostBytes)
        {
            throw new BadRequestException(
                "name", $"{entity} has {columns.Series.Count} series that match, more than a page can hold: ask for fewer by name, label or series, or for a shorter time.");
        }
        return (int)Math.Clamp((mostBytes - _bytes - described) / row, 0, Math.Max(0, mostRows - _rows));
    }

    public void Add(SampleSet? set)
    {
        if (set is null)
            return;
        _sets.Add(set);
        _rows += set.Rows.Count;
        _bytes += JsonSerializer.SerializeToUtf8Bytes(set, ContractJson.Default.SampleSet).Length + 1;
    }

    public SamplePage End(SampleCursor? next) => new() { Sets = _sets, Next = next?.ToString() };
}
