using System.Text.Json.Serialization;

namespace Forewarn.Contracts;

/// <summary>The newest measured value of a series, as <c>/api/latest</c> lists it.</summary>
public sealed record LatestValue
{
    public required string Entity { get; init; }
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Unit { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>When it was measured, unix milliseconds.</summary>
    public required long T { get; init; }
    public required double Value { get; init; }
}

/// <summary>The verdict on one tick, as <c>/api/predictions</c> lists it.</summary>
public sealed record PredictionInfo
{
    public required string Entity { get; init; }
    public required long T { get; init; }
    public required int CadenceMs { get; init; }

    /// <summary>Version of the model that decided.</summary>
    public required string Model { get; init; }
    public required float Score { get; init; }

    /// <summary>Probability of a score at least this high on a normal tick of this entity.</summary>
    public required double P { get; init; }

    /// <summary>P lies beyond what was observed and comes from a fitted tail.</summary>
    public required bool Extrapolated { get; init; }
    public required bool Anomalous { get; init; }
}

/// <summary>Samples of many entities, lossless and page by page: what exports are made of. A page may be empty and not the last.</summary>
public sealed record SamplePage
{
    /// <summary>In the order of entities; the rows of a series ascend in time, from page to page too.</summary>
    public required IReadOnlyList<SampleSet> Sets { get; init; }

    /// <summary>Cursor of the next page, null on the last.</summary>
    public string? Next { get; init; }
}

/// <summary>Rows of one entity with a column per series.</summary>
public sealed record SampleSet(string Entity, IReadOnlyList<SampleSeries> Series, IReadOnlyList<SampleRow> Rows);

/// <summary>What a column holds.</summary>
public sealed record SampleSeries(string Id, string Name, string Unit, IReadOnlyDictionary<string, string> Labels);

/// <summary>One instant, or one step: an element per series, null where nothing was measured.</summary>
public sealed record SampleRow
{
    /// <summary>Unix milliseconds; of a step its begin.</summary>
    public required long T { get; init; }

    /// <summary>As measured; absent with a step.</summary>
    [JsonConverter(typeof(DoubleColumnConverter))]
    public double[]? Value { get; init; }

    [JsonConverter(typeof(DoubleColumnConverter))]
    public double[]? Min { get; init; }

    [JsonConverter(typeof(DoubleColumnConverter))]
    public double[]? Max { get; init; }

    [JsonConverter(typeof(DoubleColumnConverter))]
    public double[]? Mean { get; init; }

    /// <summary>Values in the step; 0 where nothing was measured.</summary>
    public IReadOnlyList<long>? Count { get; init; }
}
