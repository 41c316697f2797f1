using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.Searches;

namespace Forewarn.History.Storage;

/// <summary>The columns of one schema that are asked for.</summary>
sealed record SampleSource(SchemaUse Use, int[] Ordinals, IReadOnlyList<SampleSeries> Series, int SeriesBytes)
{
    public string[] Ids { get; } = [.. Series.Select(one => one.Id)];

    public static SampleSource Of(SchemaUse use, IReadOnlyList<(int Ordinal, SeriesColumn Column)> columns)
    {
        var series = columns.Select(pair => new SampleSeries(pair.Column.Id, pair.Column.Name, pair.Column.Unit, pair.Column.Labels)).ToList();
        return new SampleSource(use, [.. columns.Select(pair => pair.Ordinal)], series,
            series.Sum(one => JsonSerializer.SerializeToUtf8Bytes(one, ContractJson.Default.SampleSeries).Length + 1));
    }
}

/// <summary>A page of samples that is being filled.</summary>
sealed class PageInProgress(int mostBytes, int mostRows)
{
    /// <summary>What a value costs as JSON at most, of a row and of a step with its four figures, and what surrounds them.</summary>
    const int BytesPerValue = 26, BytesPerBucket = 3 * 26 + 12, BytesPerRow = 90;

    readonly List<SampleSet> _sets = [];
    long _bytes;
    int _rows;

    /// <summary>Pieces that were read for it.</summary>
    public int Chunks { get; set; }

    /// <summary>Rows of an entity that have room yet; 0 when the next page must take them.</summary>
    /// <exception cref="BadRequestException">No page could hold them.</exception>
    public int RoomFor(string entity, IReadOnlyList<SampleSource> sources, bool steps)
    {
        var described = sources.Sum(source => (long)source.SeriesBytes + 2 * entity.Length);
        var widest = steps ? sources.Sum(source => source.Ordinals.Length) : sources.Max(source => source.Ordinals.Length);
        var row = BytesPerRow + (long)widest * (steps ? BytesPerBucket : BytesPerValue);
        if (described + row > mostBytes)
        {
            throw new BadRequestException(
                "name", $"{entity} has {sources.Sum(source => source.Ordinals.Length)} series that match, more than a page can hold: ask for fewer by name, label or series.");
        }
        return (int)Math.Clamp((mostBytes - _bytes - described) / row, 0, Math.Max(0, mostRows - _rows));
    }

    public void Add(IReadOnlyList<SampleSet> sets)
    {
        _sets.AddRange(sets);
        _rows += sets.Sum(set => set.Rows.Count);
        foreach (var set in sets)
            _bytes += JsonSerializer.SerializeToUtf8Bytes(set, ContractJson.Default.SampleSet).Length + 1;
    }

    public SamplePage End(SampleCursor? next) => new() { Sets = _sets, Next = next?.ToString() };
}
