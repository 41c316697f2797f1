using Forewarn.Contracts;

namespace Forewarn.Gateway.Tests;

static class Samples
{
    public static PredictionBatch Verdict(string entity, string schema, long t, float[] values, long received = 0, int cadenceMs = 1_000) => new()
    {
        Entity = entity,
        Producer = "p",
        Seq = 1,
        Schema = schema,
        Model = "abcdef",
        CadenceMs = cadenceMs,
        Maturity = EntityMaturity.Warming,
        Stamps = new Stamps { Received = received },
        Ticks = [new PredictionTick { T = t, Score = 0.123456789f, P = 1.23456789e-9, Values = values, Z = values }],
    };

    public static IncidentEvent Incident(string id, long revision, IncidentStatus status = IncidentStatus.Open, Stamps? stamps = null) => new()
    {
        Id = id,
        Revision = revision,
        Fingerprint = "f",
        Entity = "host",
        Kind = DetectionKind.Joint,
        Status = status,
        Severity = IncidentSeverity.Warning,
        Summary = "CPU is high",
        StartedAt = 1,
        OpenedAt = 1,
        UpdatedAt = 1,
        Count = 1,
        Stamps = stamps ?? new Stamps(),
    };

    /// <summary>What decides about every entity without a model of its own group.</summary>
    public static ModelInfo Champion(string version) => new()
    {
        Version = version,
        State = ModelState.Champion,
        Kind = "joint",
        Group = ModelGroups.Any,
        FeatureSpec = "f2",
        RowSpec = "j2",
        Sha256 = "",
        SizeBytes = 1,
        CreatedAt = 0,
        TrainedOn = "history",
        Rows = 1,
    };
}
