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

    /// <summary>What it is: <c>isolation-forest</c>, <c>autoencoder</c>, <c>joint</c>.</summary>
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

    /// <summary>Entities whose history it learned from.</summary>
    public int Entities { get; init; }

    /// <summary>Event time of the newest row that it learned from, unix milliseconds; null when its rows are generated.</summary>
    public long? TrainedTo { get; init; }

    /// <summary>The champion when it was trained.</summary>
    public string? Parent { get; init; }

    /// <summary>Why it is in its state, a sentence.</summary>
    public string? Reason { get; init; }

    /// <summary>When it became champion last, unix milliseconds; null = never.</summary>
    public long? ChampionAt { get; init; }

    /// <summary>The champion whose place it took: where a rollback leads.</summary>
    public string? Replaced { get; init; }

    /// <summary>
    /// Since when it is champion because somebody wanted it, unix milliseconds; null when it became champion by itself or
    /// is none. No model of its group takes its place by itself, unless it shows in a trial that it is better.
    /// </summary>
    public long? ByHandAt { get; init; }

    /// <summary>When it was last rolled back by itself, unix milliseconds: it does not become champion again but by hand.</summary>
    public long? RolledBackAt { get; init; }

    /// <summary>How it did as challenger; null when it never was one.</summary>
    public ModelComparison? Comparison { get; init; }
}

/// <summary>A challenger beside the champion on the same ticks, summed over all replicas of <c>predictor</c>.</summary>
public sealed record ModelComparison
{
    /// <summary>Version of the champion.</summary>
    public required string Against { get; init; }

    /// <summary>When the comparison began, unix milliseconds; tells comparisons of the same two versions apart.</summary>
    public required long Since { get; init; }

    /// <summary>Entity-ticks (seconds) on which both decided.</summary>
    public long Ticks { get; init; }

    /// <summary>Decisions that the champion opened on them.</summary>
    public long ChampionOpenings { get; init; }

    /// <summary>Decisions that the challenger would have opened on them.</summary>
    public long ChallengerOpenings { get; init; }

    /// <summary>The false-alarm budget of both, per week and entity.</summary>
    public double? FalseAlarmsPerWeek { get; init; }

    /// <summary>Correlation of the two scores, -1 to 1; null without any spread.</summary>
    public double? Agreement { get; init; }

    /// <summary>The newest report in it, unix milliseconds.</summary>
    public long? At { get; init; }

    /// <summary>Both on what people labelled; null until it was replayed.</summary>
    public IncidentReplay? Replay { get; init; }
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

    /// <summary>What set it off.</summary>
    public JobTrigger Trigger { get; init; }

    /// <summary>0 to 1.</summary>
    public required double Progress { get; init; }

    /// <summary>The step under way, or the reason it failed.</summary>
    public required string Message { get; init; }
    public required long At { get; init; }
    public string? Model { get; init; }
}

[JsonConverter(typeof(KebabEnumConverter<JobTrigger>))]
public enum JobTrigger
{
    /// <summary>Somebody asked, by API or <c>./forewarn train</c>.</summary>
    Request,

    /// <summary>There was no model.</summary>
    Start,

    /// <summary>The clock.</summary>
    Schedule,

    /// <summary>What is measured has moved away from what the champion learned.</summary>
    Drift,

    /// <summary>People said enough about its decisions.</summary>
    Feedback,

    /// <summary>A group of entities has history for a first joint model, or for a much better one.</summary>
    Group,
}

[JsonConverter(typeof(KebabEnumConverter<JobStatus>))]
public enum JobStatus
{
    Running,
    Succeeded,
    Failed,
}
