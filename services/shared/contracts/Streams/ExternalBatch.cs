using System.Text.Json.Serialization;

namespace Forewarn.Contracts;

/// <summary>
/// What the JSON door (<c>POST /v1/metrics/json</c>, one object or an array of them) and the topic
/// <see cref="Topics.MetricsExternal"/> take: one entity's samples, a row per instant, a column per series.
/// </summary>
public sealed record ExternalBatch
{
    public required string Entity { get; init; }

    /// <summary>What the entity is and where it runs, as <see cref="EntityCard.Attributes"/>; need not be sent every time.</summary>
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    public required IReadOnlyList<ExternalSeries> Series { get; init; }
    public required IReadOnlyList<ExternalRow> Rows { get; init; }
}

/// <param name="Name">OpenTelemetry name where one exists.</param>
/// <param name="Unit">UCUM unit; <c>1</c> when absent.</param>
/// <param name="Limit">The value it cannot or must not pass, when known; of a counter its rate.</param>
/// <param name="Type"><c>gauge</c>, the default, or <c>counter</c>: values that only grow until they are reset, published as rate per second.</param>
public sealed record ExternalSeries(string Name, string? Unit = null, IReadOnlyDictionary<string, string>? Labels = null, double? Limit = null, string? Type = null);

/// <param name="T">Unix milliseconds; the time of receipt when absent.</param>
/// <param name="Values">One per series; null = not measured.</param>
public sealed record ExternalRow([property: JsonConverter(typeof(DoubleColumnConverter))] double[] Values, long? T = null);
