namespace Forewarn.Simulator;

/// <summary>Where one fault stands.</summary>
enum Stage
{
    Waiting,

    /// <summary>It is there, and not yet what a person would call a failure.</summary>
    Growing,
    Failing,
    Over,
}

static class Stages
{
    public static Stage StageAt(this Injection injection, long t) =>
        t < injection.StartMs ? Stage.Waiting
        : t >= injection.EndMs ? Stage.Over
        : injection.FailureMs is { } failure && t >= failure ? Stage.Failing
        : Stage.Growing;

    /// <summary>When it changes next; null = never.</summary>
    public static long? StageEnds(this Injection injection, long t) => injection.StageAt(t) switch
    {
        Stage.Waiting => injection.StartMs,
        Stage.Growing => injection.FailureMs ?? injection.EndMs,
        Stage.Failing => injection.EndMs,
        _ => null,
    };

    public static string Name(this Stage stage) => stage switch
    {
        Stage.Waiting => "waiting",
        Stage.Growing => "growing",
        Stage.Failing => "failing",
        _ => "over",
    };

    public static string Name(this Phase phase) => phase switch
    {
        Phase.History => "history",
        Phase.Normal => "normal",
        Phase.Fault => "fault",
        Phase.Cooldown => "cooldown",
        _ => "done",
    };
}
