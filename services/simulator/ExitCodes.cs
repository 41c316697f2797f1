namespace Forewarn.Simulator;

static class ExitCodes
{
    public const int Success = 0;

    /// <summary>Ingestion refuses, or was away for longer than <see cref="IngestClient.Patience"/>.</summary>
    public const int NotTaken = 1;
    public const int BadArguments = 2;

    /// <summary>Ended by Ctrl+C or SIGTERM, as shells report it.</summary>
    public const int Interrupted = 130;
}
