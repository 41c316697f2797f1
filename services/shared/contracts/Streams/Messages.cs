using System.Text.Json.Serialization;

namespace Forewarn.Contracts;

/// <summary>What every message of one entity carries. A consumer that has applied <see cref="Seq"/> of a <see cref="Producer"/> ignores it when it comes again.</summary>
public abstract record EntityMessage
{
    /// <summary>Version of the message's shape; unknown fields are ignored on read.</summary>
    public int V { get; init; } = 1;

    /// <summary>The host, service or container; also the partition key.</summary>
    public required string Entity { get; init; }

    /// <summary>New for every process start of the publisher.</summary>
    public required string Producer { get; init; }

    /// <summary>Counts up by one per entity and producer, from 1.</summary>
    public required long Seq { get; init; }

    /// <summary>Hash of the <see cref="SeriesSchema"/> that names the columns.</summary>
    public required string Schema { get; init; }

    public Stamps Stamps { get; init; } = new();
}

/// <summary>When each stage had the message in hand, unix milliseconds; 0 = not yet. They measure the latency that users are promised.</summary>
public sealed record Stamps
{
    /// <summary>Ingestion had the last sample of the batch.</summary>
    public long Received { get; init; }
    public long Featured { get; init; }
    public long Scored { get; init; }
    public long Detected { get; init; }

    /// <summary>The notification had left.</summary>
    public long Notified { get; init; }
}

/// <summary>Topic <c>metrics.raw</c>: one entity's samples, a row per instant, a column per series.</summary>
public sealed record MetricBatch : EntityMessage
{
    /// <summary>The door the samples came through: <c>host</c>, <c>json</c>, <c>probe</c>, <c>self</c>.</summary>
    public required string Source { get; init; }

    public required IReadOnlyList<MetricRow> Rows { get; init; }
}

/// <param name="T">Event time, unix milliseconds.</param>
/// <param name="Values">One per column, lossless; <see cref="double.NaN"/> (null on the wire) = not measured.</param>
public sealed record MetricRow(long T, [property: JsonConverter(typeof(DoubleColumnConverter))] double[] Values);

/// <summary>Topic <c>metrics.features</c>: values and rolling features per tick.</summary>
public sealed record FeatureBatch : EntityMessage
{
    /// <summary>Version of the feature specification that <see cref="FeatureTick.Features"/> follows.</summary>
    public required string Spec { get; init; }

    /// <summary>
    /// Milliseconds between ticks on this cadence: 1,000 for the entity's own ticks, 60,000 for the means of minutes, or for own
    /// ticks that come a minute apart or slower.
    /// </summary>
    public required int CadenceMs { get; init; }

    public required EntityMaturity Maturity { get; init; }

    public required IReadOnlyList<FeatureTick> Ticks { get; init; }
}

/// <param name="T">Event time of the tick's grid point, unix milliseconds.</param>
/// <param name="Features">Series-major: columns × features of the specification; NaN where a series is masked.</param>
public sealed record FeatureTick(long T, [property: JsonConverter(typeof(FloatVectorConverter))] float[] Features);

/// <summary>How much of its own history an entity's verdicts rest on. Cold entities notify only on limits and silence.</summary>
[JsonConverter(typeof(KebabEnumConverter<EntityMaturity>))]
public enum EntityMaturity
{
    Cold,
    Warming,
    Warm,
}

/// <summary>Topic <c>predictions</c>: the verdict on every tick, with what a live chart needs.</summary>
public sealed record PredictionBatch : EntityMessage
{
    /// <summary>Version of the model that decided: of the entity's group, else that of everybody, which scores also where the metrics' own past decides.</summary>
    public required string Model { get; init; }
    public required int CadenceMs { get; init; }
    public required EntityMaturity Maturity { get; init; }
    public required IReadOnlyList<PredictionTick> Ticks { get; init; }

    /// <summary>Sent every 10 s and with every decision; null in between.</summary>
    public Outlook? Outlook { get; init; }
}

/// <summary>One scored tick.</summary>
public sealed record PredictionTick
{
    public required long T { get; init; }

    /// <summary>Score of what decided, 0 to 1; higher is stranger, and about 0.5 is where it begins to be strange, whoever decided.</summary>
    public required float Score { get; init; }

    /// <summary>Probability of a tick at least as strange on normal behaviour of this entity, by what decided.</summary>
    public required double P { get; init; }

    /// <summary>P lies beyond what was observed and comes from a fitted tail.</summary>
    public bool Extrapolated { get; init; }

    /// <summary>The tick lies inside an open decision.</summary>
    public bool Anomalous { get; init; }

    /// <summary>Values per column at display precision.</summary>
    [JsonConverter(typeof(FloatVectorConverter))]
    public float[] Values { get; init; } = [];

    /// <summary>Signed deviation per column in robust standard deviations.</summary>
    [JsonConverter(typeof(FloatVectorConverter))]
    public float[] Z { get; init; } = [];
}

/// <summary>Normal range and forecast per column.</summary>
public sealed record Outlook
{
    [JsonConverter(typeof(FloatVectorConverter))]
    public float[] Lower { get; init; } = [];

    [JsonConverter(typeof(FloatVectorConverter))]
    public float[] Upper { get; init; } = [];

    public IReadOnlyList<Forecast> Forecasts { get; init; } = [];
}

/// <summary>When a series will pass its limit if it goes on as it does.</summary>
public sealed record Forecast
{
    /// <summary>Series id.</summary>
    public required string Series { get; init; }
    public required double Limit { get; init; }
    public required double P5m { get; init; }
    public required double P15m { get; init; }
    public required double P60m { get; init; }

    /// <summary>Median time to the limit, seconds.</summary>
    public required double MedianSeconds { get; init; }

    /// <summary>Lower end of the 80 % interval, seconds.</summary>
    public required double LowSeconds { get; init; }

    /// <summary>Upper end of the 80 % interval, seconds.</summary>
    public required double HighSeconds { get; init; }

    /// <summary>How the way to the limit goes on.</summary>
    public ForecastCourse Course { get; init; }
}

/// <summary>What became of a limit ahead.</summary>
[JsonConverter(typeof(KebabEnumConverter<ForecastCourse>))]
public enum ForecastCourse
{
    /// <summary>It is still ahead.</summary>
    Ahead,

    /// <summary>The series is at or beyond it.</summary>
    Reached,

    /// <summary>The series fell back at once by more than it varies: a restart, a clean-up.</summary>
    Reset,

    /// <summary>The series no longer goes there.</summary>
    Receded,
}
