using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Tests;

static class States
{
    public static RunState With(ProcessIdentity launcher, ProcessIdentity? service) => new()
    {
        Launcher = launcher,
        StartedAt = 1_000,
        Dashboard = "http://127.0.0.1:7700/",
        Ingest = "http://127.0.0.1:7701/v1/metrics/json",
        Data = "/data",
        Sidecar = "http://127.0.0.1:20002/",
        Services = [new RunningService("predictor", 1, ProcessState.Ready, service, 20001, 2)],
    };
}
