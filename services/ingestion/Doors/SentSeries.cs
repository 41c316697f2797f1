using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>A series as a door understands what was sent. Made once and found again by its bytes, see <see cref="SeriesCache{T}"/>.</summary>
/// <param name="entity">Allowed by <see cref="Names"/>.</param>
/// <param name="group">What is measured together and shares columns: a measurement, a job, a scope.</param>
/// <param name="column">Name, unit and labels as they are published; of a counter those of its rate.</param>
/// <param name="isCounter">Whether its values are cumulative.</param>
sealed class SentSeries(string entity, string group, SeriesColumn column, bool isCounter = false)
{
    SeriesPlace? _place;

    public string Entity { get; } = entity;
    public string Group { get; } = group;
    public SeriesColumn Column { get; } = column;
    public bool IsCounter { get; } = isCounter;

    /// <summary>The distribution it is a part of; null for all others.</summary>
    public SentDistribution? Whole { get; init; }

    /// <summary>What of <see cref="Whole"/> it holds.</summary>
    public DistributionPart Part { get; init; }

    /// <summary>Where it is published, if that has been said and not been given up since.</summary>
    public bool IsPlaced => Place is { Block.IsRetired: false };

    /// <summary>Where it is published as <see cref="SeriesLayouts"/> said last; null when it has no place.</summary>
    public SeriesPlace? Place
    {
        get => Volatile.Read(ref _place);
        set => Volatile.Write(ref _place, value);
    }
}

/// <summary>A column of a block.</summary>
sealed record SeriesPlace(SeriesBlock Block, int Column);
