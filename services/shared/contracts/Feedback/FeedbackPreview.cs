namespace Forewarn.Contracts;

/// <summary>What a model that learned the feedback would have done in the past, beside the champion. Nothing of it was applied.</summary>
public sealed record FeedbackPreview
{
    /// <summary>The job that made it.</summary>
    public required string Job { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long At { get; init; }

    /// <summary>Version that decides now.</summary>
    public required string Champion { get; init; }

    /// <summary>False alarms that the other model was taught as normal.</summary>
    public int FalseAlarms { get; init; }

    /// <summary>Incidents called useful.</summary>
    public int Useful { get; init; }

    /// <summary>Times called missed.</summary>
    public int Missed { get; init; }

    /// <summary>What each would have opened, by entity.</summary>
    public required IReadOnlyList<PreviewedEntity> Entities { get; init; }

    /// <summary>Entities that there was no room for.</summary>
    public int EntitiesLeftOut { get; init; }

    /// <summary>What each would have told of what people labelled; the challenger is the model that learned it.</summary>
    public required IncidentReplay Labels { get; init; }
}

/// <summary>An entity in a preview.</summary>
public sealed record PreviewedEntity
{
    public required string Entity { get; init; }

    /// <summary>Event time from which decisions were compared, unix milliseconds.</summary>
    public required long From { get; init; }

    public required long To { get; init; }

    /// <summary>Ticks that it sent itself, those that only warmed up included.</summary>
    public required int Ticks { get; init; }

    /// <summary>Incidents that the champion would have opened.</summary>
    public required int Before { get; init; }

    /// <summary>Incidents that the other model would have opened.</summary>
    public required int After { get; init; }
}
