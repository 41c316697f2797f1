using System.Text.Json.Serialization;

namespace Forewarn.Contracts;

/// <summary>A page of a list; <see cref="Next"/> is the cursor of the next page, null on the last.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next = null);

/// <summary>A watched entity, as <c>/api/entities</c> lists it.</summary>
public sealed record EntityInfo
{
    public required string Entity { get; init; }
    public required int Series { get; init; }
    public required long FirstSeen { get; init; }
    public required long LastSeen { get; init; }

    /// <summary>The sets of columns that its samples came in, newest first.</summary>
    public IReadOnlyList<SchemaInfo> Schemas
    {
        get;
        // What is not in the JSON is set to null all the same.
        init => field = value ?? [];
    } = [];
}

/// <summary>A set of columns that an entity's samples came in.</summary>
/// <param name="Hash">Of the <see cref="SeriesSchema"/>.</param>
/// <param name="LastSeen">Event time of the newest such sample, unix milliseconds; may lag by 15 s.</param>
public sealed record SchemaInfo(string Hash, long LastSeen);

/// <summary>A series, as <c>/api/series</c> lists it.</summary>
public sealed record SeriesInfo
{
    public required string Entity { get; init; }
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Unit { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
    public double? Limit { get; init; }
    public required long FirstSeen { get; init; }
    public required long LastSeen { get; init; }
}

/// <summary><c>/api/range</c>: several series of one entity on one time axis, ready to be drawn.</summary>
public sealed record RangeResult
{
    public required string Entity { get; init; }

    /// <summary>Milliseconds between points; 0 = as stored.</summary>
    public required long StepMs { get; init; }

    /// <summary>Unix milliseconds, ascending.</summary>
    public required IReadOnlyList<long> T { get; init; }

    public required IReadOnlyList<RangeSeries> Series { get; init; }

    /// <summary>Score and p on the same axis; empty when not asked for.</summary>
    public RangeScores? Scores { get; init; }
}

/// <summary>Points of one series; null = no sample there. <see cref="Min"/> and <see cref="Max"/> only with a step.</summary>
public sealed record RangeSeries
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Unit { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    [JsonConverter(typeof(DoubleColumnConverter))]
    public required double[] Mean { get; init; }

    [JsonConverter(typeof(DoubleColumnConverter))]
    public double[]? Min { get; init; }

    [JsonConverter(typeof(DoubleColumnConverter))]
    public double[]? Max { get; init; }
}

/// <summary>The strangest verdict in each step.</summary>
public sealed record RangeScores
{
    [JsonConverter(typeof(DoubleColumnConverter))]
    public required double[] Score { get; init; }

    [JsonConverter(typeof(DoubleColumnConverter))]
    public required double[] P { get; init; }

    public required IReadOnlyList<bool> Anomalous { get; init; }
}

/// <summary>Raw rows of one entity as they were measured, for training and for catching up; grouped by schema.</summary>
public sealed record RawRows
{
    public required string Entity { get; init; }
    public required IReadOnlyList<RawRowSet> Sets { get; init; }

    /// <summary>Event time to ask from next, null when complete.</summary>
    public long? Next { get; init; }
}

public sealed record RawRowSet(string Schema, IReadOnlyList<MetricRow> Rows);

/// <summary><c>/api/status</c>: the platform at a glance.</summary>
public sealed record PlatformStatus
{
    public required IReadOnlyList<ServiceStatus> Services { get; init; }

    /// <summary>Samples that came in per second, over the last 10 s.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>Entities with a tick in the last minute.</summary>
    public required int Entities { get; init; }

    /// <summary>From ingestion receiving a tick to its verdict reaching the gateway.</summary>
    public required LatencyMs LoopLatencyMs { get; init; }

    /// <summary>From ingestion receiving the deciding tick to the notification leaving.</summary>
    public required LatencyMs AlertLatencyMs { get; init; }

    /// <summary>Version of the model of everybody; null while there is none.</summary>
    public string? Model { get; init; }

    /// <summary>Where history stores and why there, for people; null while it does not answer.</summary>
    public string? Storage { get; init; }

    public required int OpenIncidents { get; init; }
    public required long At { get; init; }
}

/// <param name="Name">App id.</param>
/// <param name="Health"><c>healthy</c>, <c>degraded</c> or <c>down</c>.</param>
/// <param name="Detail">Why it is not healthy.</param>
public sealed record ServiceStatus(string Name, string Health, string? Detail = null);

/// <summary>Percentiles over the newest observations; null without any.</summary>
public sealed record LatencyMs(double? P50, double? P99, int Count);
