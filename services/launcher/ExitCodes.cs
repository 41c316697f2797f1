namespace Forewarn.Launcher;

/// <summary>What the exit codes of <c>./forewarn</c> mean; <c>README.md</c> has the same table.</summary>
static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The work was done and the answer is no: a test failed, a check found something, the platform is degraded.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary><c>up</c>: already running. <c>status</c>, <c>train</c>, <c>models</c>, <c>alerts</c>, <c>export</c>: not running.</summary>
    public const int RunningState = 3;

    /// <summary>A port is taken.</summary>
    public const int PortTaken = 4;

    /// <summary>PostgreSQL does not start or does not answer.</summary>
    public const int Postgres = 5;

    /// <summary>A service did not become ready.</summary>
    public const int Service = 6;

    /// <summary>Something that must be there is not: a tool, a built file, write access.</summary>
    public const int Missing = 7;
}
