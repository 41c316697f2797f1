namespace Forewarn.Contracts;

/// <summary>A challenger beside the champion on times that people labelled, replayed from history in event time.</summary>
public sealed record IncidentReplay
{
    /// <summary>Identity of the feedback and the budget it rests on.</summary>
    public required string Labels { get; init; }

    /// <summary>When it was replayed, unix milliseconds.</summary>
    public required long At { get; init; }

    /// <summary>Incidents called useful, and times called missed.</summary>
    public int Incidents { get; init; }

    public int ChampionFound { get; init; }
    public int ChallengerFound { get; init; }

    /// <summary>Incidents called false alarms.</summary>
    public int FalseAlarms { get; init; }

    public int ChampionRepeated { get; init; }
    public int ChallengerRepeated { get; init; }

    /// <summary>Left out: history no longer holds them, or there was no time.</summary>
    public int Unread { get; init; }

    /// <summary>One by one, newest word first.</summary>
    public IReadOnlyList<ReplayedSpan> Spans
    {
        get;
        init => field = value ?? [];
    } = [];
}

/// <summary>A labelled time, and when each model would have told of it.</summary>
public sealed record ReplayedSpan
{
    /// <summary>Of the feedback.</summary>
    public required string Id { get; init; }

    public required FeedbackKind Kind { get; init; }
    public required string Entity { get; init; }
    public required long From { get; init; }
    public required long To { get; init; }

    /// <summary>Seconds after <see cref="From"/>, negative when before; null = not at all.</summary>
    public double? ChampionAfterSeconds { get; init; }

    /// <summary>Seconds after <see cref="From"/>, negative when before; null = not at all.</summary>
    public double? ChallengerAfterSeconds { get; init; }
}
