namespace Forewarn.Simulator;

static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The receiver refuses, or was away for longer than <see cref="HttpDoor.Patience"/>.</summary>
    public const int NotTaken = 1;

    /// <summary>A drill ran and missed a bar.</summary>
    public const int Missed = 1;
    public const int BadArguments = 2;

    /// <summary>A drill found no platform.</summary>
    public const int NotRunning = 3;

    /// <summary>Ended by Ctrl+C or SIGTERM, as shells report it.</summary>
    public const int Interrupted = 130;
}
