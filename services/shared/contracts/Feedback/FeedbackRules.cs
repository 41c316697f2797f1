namespace Forewarn.Contracts;

/// <summary>What may be said: bounds that whoever accepts feedback and whoever keeps it agree on.</summary>
public static class FeedbackRules
{
    /// <summary>Longest name of an entity.</summary>
    public const int MaxEntity = 255;

    /// <summary>Longest name of a person.</summary>
    public const int MaxWho = 64;

    /// <summary>Longest note.</summary>
    public const int MaxNote = 300;

    /// <summary>Longest time that can be called missed: a day.</summary>
    public const long MaxMissedMs = 24 * 3_600_000L;

    const int MaxId = 64;
    const int MaxFeatures = 256;

    /// <summary>Why a message cannot be kept; null when it can.</summary>
    public static string? WhyNot(FeedbackEvent feedback)
    {
        ArgumentNullException.ThrowIfNull(feedback);
        if (WhyNotText("entity", feedback.Entity, MaxEntity, isNeeded: true) is { } entity)
            return entity;
        if (WhyNotText("who", feedback.Who, MaxWho) is { } who)
            return who;
        if (WhyNotText("note", feedback.Note, MaxNote) is { } note)
            return note;
        if (WhyNotText("id", feedback.Id, MaxId, isNeeded: true) is { } id)
            return id;
        if (feedback.Features.Length > MaxFeatures)
            return $"features has {feedback.Features.Length} numbers; at most {MaxFeatures} are kept.";
        return feedback.Kind == FeedbackKind.Missed ? WhyNotMissed(feedback) : WhyNotJudged(feedback);
    }

    /// <summary>Why a text cannot be taken; null when it can.</summary>
    public static string? WhyNotText(string name, string? text, int longest, bool isNeeded = false)
    {
        if (string.IsNullOrWhiteSpace(text))
            return isNeeded ? $"{name} is missing." : null;
        if (text.Length > longest)
            return $"{name} has {text.Length} characters; at most {longest} are kept.";
        return text.Any(c => char.IsControl(c) && c is not '\n') ? $"{name} contains control characters." : null;
    }

    static string? WhyNotMissed(FeedbackEvent feedback) => feedback switch
    {
        { Incident: not null } => "What was missed has no incident; say useful or false-alarm of one.",
        { To: null } => "to is missing: when was it over?",
        _ when feedback.To <= feedback.From => "to must be later than from.",
        _ when feedback.To - feedback.From > MaxMissedMs => "from and to are more than a day apart; name the time in which it should have been told.",
        _ when feedback.From < 0 || feedback.To > feedback.At => "from and to must lie in the past.",
        _ => null,
    };

    static string? WhyNotJudged(FeedbackEvent feedback) =>
        WhyNotText("incident", feedback.Incident, MaxId, isNeeded: true)
        ?? (feedback.To < feedback.From ? "It ends before it begins." : null);
}
