using System.Text.Json.Serialization;

namespace Forewarn.Contracts;

/// <summary>Topic <c>models</c>: a version was published or became the one that decides.</summary>
public sealed record ModelEvent
{
    public int V { get; init; } = 1;
    public required ModelInfo Model { get; init; }
}

/// <summary>A registered model version, as <c>/api/models</c> lists it.</summary>
public sealed record ModelInfo
{
    /// <summary>Content address: first 16 hex digits of the ONNX file's SHA-256.</summary>
    public required string Version { get; init; }

    public required ModelState State { get; init; }

    /// <summary>What it is: <c>isolation-forest</c>, <c>autoencoder</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whom it serves: <c>any</c>, or a schema hash.</summary>
    public required string Group { get; init; }

    public required string FeatureSpec { get; init; }
    public required string RowSpec { get; init; }
    public required string Sha256 { get; init; }
    public required long SizeBytes { get; init; }
    public required long CreatedAt { get; init; }

    /// <summary>Where its rows came from: <c>generated</c> or <c>history</c>.</summary>
    public required string TrainedOn { get; init; }
    public required int Rows { get; init; }
    public string? Parent { get; init; }
}

[JsonConverter(typeof(KebabEnumConverter<ModelState>))]
public enum ModelState
{
    Candidate,
    Challenger,
    Champion,
    Retired,
}

/// <summary>Topic <c>jobs</c>: progress of a training.</summary>
public sealed record JobEvent
{
    public int V { get; init; } = 1;
    public required string Id { get; init; }
    public required string Kind { get; init; }
    public required JobStatus Status { get; init; }

    /// <summary>0 to 1.</summary>
    public required double Progress { get; init; }

    /// <summary>The step under way, or the reason it failed.</summary>
    public required string Message { get; init; }
    public required long At { get; init; }
    public string? Model { get; init; }
}

[JsonConverter(typeof(KebabEnumConverter<JobStatus>))]
public enum JobStatus
{
    Running,
    Succeeded,
    Failed,
}
