using System.Text.Json;
using System.Text.Json.Serialization;
using Forewarn.Contracts;

namespace Forewarn.Simulator;

/// <summary>What really happened, one line of the file given as <c>--truth</c>. Times are unix milliseconds.</summary>
/// <param name="Entity">The host it was injected at.</param>
/// <param name="Entities">All hosts it reaches.</param>
/// <param name="Failure">When a person would call it a failure; absent = never.</param>
/// <param name="Series">Names of the affected series.</param>
sealed record GroundTruth(
    string Fault, [property: JsonConverter(typeof(KebabEnumConverter<Onset>))] Onset Onset, string Entity, IReadOnlyList<string> Entities,
    long Start, long? Failure, long End, IReadOnlyList<string> Series);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GroundTruth))]
[JsonSerializable(typeof(PhaseReport))]
[JsonSerializable(typeof(DrillReport))]
sealed partial class SimulatorJson : JsonSerializerContext;
