using Microsoft.Extensions.Configuration;

namespace Forewarn.Hosting;

/// <summary>
/// <c>--health</c>: a service's program asks the one that runs as it does whether it is ready, and ends. Images without a shell have
/// no other way to ask, and the app port answers on loopback only.
/// </summary>
static class HealthProbe
{
    public const string Verb = "--health";

    const int Good = 0, Bad = 1, Usage = 2;

    /// <summary>An orchestrator's own limit should be longer, so that the reason is seen and not its impatience.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Ends this process when the command line begins with <c>--health</c>.</summary>
    public static void ExitIfAsked(string[] args)
    {
        if (args is [Verb, .. var rest])
            Environment.Exit(Run(rest, new ConfigurationBuilder().AddEnvironmentVariables().Build(), Console.Out));
    }

    /// <summary>
    /// Asks <c>/healthz/ready</c>, or what <paramref name="args"/> names (<c>live</c>: the process answers at all), and writes what is
    /// wrong.
    /// </summary>
    /// <returns>0 good, 1 not good or no answer, 2 the question cannot be asked.</returns>
    internal static int Run(string[] args, IConfiguration configuration, TextWriter output)
    {
        if (args is not ([] or ["ready"] or ["live"]))
        {
            output.WriteLine($"{Verb} takes `ready` (the same as nothing) or `live`, not '{string.Join(' ', args)}'.");
            return Usage;
        }
        var port = SidecarEnvironment.Read(configuration, "health").AppPort;
        if (port == 0)
        {
            output.WriteLine($"APP_PORT is not set: {Verb} must be started with the environment of the service that it asks.");
            return Usage;
        }
        return Ask(new Uri($"http://127.0.0.1:{port.Invariant()}/healthz/{(args is ["live"] ? "live" : "ready")}"), output);
    }

    static int Ask(Uri address, TextWriter output)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        try
        {
            using var answer = http.Send(request);
            if (answer.IsSuccessStatusCode)
                return Good;
            using var reader = new StreamReader(answer.Content.ReadAsStream());
            output.WriteLine($"{address.AbsolutePath} answers {((int)answer.StatusCode).Invariant()}: {reader.ReadToEnd()}");
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException or IOException)
        {
            output.WriteLine($"{address} does not answer: {unreachable.Message}");
        }
        return Bad;
    }
}
