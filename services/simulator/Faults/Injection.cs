using System.Text.Json;
using System.Text.Json.Serialization;

namespace Forewarn.Simulator;

/// <summary>A fault on one entity at a time.</summary>
sealed record Injection(Fault Fault, string Entity, long StartMs, long DurationMs)
{
    public long EndMs => StartMs + DurationMs;
    public long FailureMs => StartMs + (long)(Fault.FailureAt * DurationMs);

    public FaultEffect At(long t) => Fault.At((double)(t - StartMs) / DurationMs);

    public GroundTruth Truth => new(Fault.Name, Entity, StartMs, FailureMs, EndMs, Fault.Series);
}

/// <summary>What really happened, one line of the file given as <c>--truth</c>. Times are unix milliseconds.</summary>
/// <param name="Failure">When a person would call it a failure.</param>
/// <param name="Series">Names of the affected series.</param>
sealed record GroundTruth(string Fault, string Entity, long Start, long Failure, long End, IReadOnlyList<string> Series);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GroundTruth))]
[JsonSerializable(typeof(PhaseReport))]
sealed partial class SimulatorJson : JsonSerializerContext;
