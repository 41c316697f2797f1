using DevSidecar;

namespace Forewarn.Launcher.Tests;

/// <summary>
/// Two free ports in a row, for the gateway and for ingestion beside it. They come from below the range that launchers draw their
/// own ports from: tests run several launchers at once, and one of them may take any port of that range before this one binds it.
/// </summary>
static class PublicPortPairs
{
    const int First = 10000, Pairs = 4000;

    static int _next = Random.Shared.Next(Pairs);

    /// <returns>The first of the two; none is handed out twice.</returns>
    public static int Next()
    {
        for (var tried = 0; tried < Pairs; tried++)
        {
            var port = First + (2 * (Interlocked.Increment(ref _next) % Pairs));
            if (FreePorts.IsFree(port) && FreePorts.IsFree(port + 1))
                return port;
        }
        throw new InvalidOperationException($"No two ports in a row are free from {First} to {First + (2 * Pairs)}.");
    }
}
