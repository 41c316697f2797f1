namespace Forewarn.Trainer;

/// <summary>What <c>train --once</c> answers its caller.</summary>
static class ExitCodes
{
    /// <summary>Trained; what became of the model stands in the last line.</summary>
    public const int Success = 0;

    /// <summary>The training failed, for the reason told.</summary>
    public const int Failed = 1;
    public const int BadArguments = 2;

    /// <summary>Another training runs; this one was not begun.</summary>
    public const int Busy = 3;

    /// <summary>The sidecar, or the state store behind it, does not answer.</summary>
    public const int Unreachable = 4;

    /// <summary>Ended by Ctrl+C or SIGTERM, as shells report it.</summary>
    public const int Interrupted = 130;
}
