using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>What a training learns from what people said.</summary>
/// <param name="FalseAlarms">Rows that raised a false alarm and are normal, newest first, one for each.</param>
/// <param name="Useful">Incidents that were rightly told.</param>
/// <param name="Missed">Times that should have been told.</param>
sealed record Lessons(IReadOnlyList<float[]> FalseAlarms, int Useful, int Missed)
{
    /// <summary>Largest share of a training's rows that false alarms make up together: people's words weigh more than ticks, but do not outweigh them.</summary>
    public const double MostOfAll = 0.05;

    /// <summary>Largest share of a training's rows that one false alarm makes up: about one row in each tree of 256.</summary>
    public const double MostOfOne = 0.005;

    public static Lessons None { get; } = new([], 0, 0);

    /// <summary>Nobody has said anything.</summary>
    public bool IsEmpty => this is { FalseAlarms.Count: 0, Useful: 0, Missed: 0 };

    /// <summary>
    /// Takes the rows of false alarms that a model raised and that this code still makes; silences, forecasts and rows of
    /// an older specification teach a model nothing.
    /// </summary>
    /// <param name="feedback">Newest first.</param>
    /// <param name="modelOf">Looks up a version; null when it is forgotten.</param>
    public static Lessons From(IReadOnlyList<FeedbackEvent> feedback, Func<string, ModelInfo?> modelOf) => new(
        [.. feedback.Where(word => word is { Kind: FeedbackKind.FalseAlarm, Detection: DetectionKind.Joint, Model: not null }
                && word.Features.Length == RowSpec.Count && word.Features.All(float.IsFinite)
                && modelOf(word.Model) is { FeatureSpec: FeatureSpec.Version, RowSpec: RowSpec.Version })
            .Select(word => word.Features)],
        feedback.Count(word => word.Kind == FeedbackKind.Useful),
        feedback.Count(word => word.Kind == FeedbackKind.Missed));

    /// <summary>How often each false alarm is put among <paramref name="rows"/> others, and how many of them there is room for.</summary>
    public (int Rows, int Copies) Weigh(int rows)
    {
        var room = (int)(rows * MostOfAll);
        var used = Math.Min(FalseAlarms.Count, room);
        return used == 0 ? (0, 0) : (used, Math.Max(1, Math.Min((int)(rows * MostOfOne), room / used)));
    }
}
