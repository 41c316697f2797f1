using Dapr.Client;
using DevSidecar;

namespace Forewarn.Compliance;

/// <summary>One daprd per app, all with the same components.</summary>
sealed class DaprWorld : IWorld
{
    readonly string _folder = Directory.CreateTempSubdirectory("compliance-daprd").FullName;
    readonly Clients _clients = new();
    readonly List<DaprProcess> _sidecars = [];
    readonly string _program;
    readonly DaprControlPlane _control;
    readonly IReadOnlyDictionary<string, string> _environment;
    readonly string? _configuration;

    public DaprWorld(string program, DaprControlPlane control, IReadOnlyDictionary<string, string> environment, string yaml)
    {
        (_program, _control, _environment) = (program, control, environment);
        var documents = Components.WithKafka(yaml, [Components.OwnGroup(), .. Components.QuickGroup]).Split("\n---\n").ToLookup(IsConfiguration);
        Directory.CreateDirectory(Resources);
        File.WriteAllText(Path.Combine(Resources, "components.yaml"), string.Join("\n---\n", documents[false]));
        if (documents[true].Any())
        {
            _configuration = Path.Combine(_folder, "configuration.yaml");
            File.WriteAllText(_configuration, documents[true].Single());
        }
    }

    public TimeSpan? BlockShutdown { get; init; }

    string Resources => Path.Combine(_folder, "components");

    public Task<ISidecar> AddAsync(string appId, ProbeApp app, string? token = null, string? appToken = null) => AddAsync(appId, app.Port, app.SidecarPort, token, appToken, ready: true);

    public Task<ISidecar> AddEarlyAsync(string appId, int appPort) => AddAsync(appId, appPort, 0, null, null, ready: false);

    public Task<ISidecar> AddClientAsync(string appId = "client", string? token = null) => AddAsync(appId, 0, 0, token, null, ready: true);

    public DaprClient Client(ISidecar sidecar, string? token = null) => _clients.Dapr(sidecar, token);

    public HttpClient Http(ISidecar sidecar) => _clients.Http(sidecar);

    public async Task RestartAsync()
    {
        await Task.WhenAll(_sidecars.Select(s => s.StopAsync()));
        await Task.WhenAll(_sidecars.Select(s => s.StartAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await Task.WhenAll(_sidecars.Select(s => s.StopAsync()));
        Directory.Delete(_folder, recursive: true);
    }

    async Task<ISidecar> AddAsync(string appId, int appPort, int httpPort, string? token, string? appToken, bool ready)
    {
        var sidecar = new DaprProcess(_program, appId, appPort, httpPort == 0 ? FreePorts.Next() : httpPort)
        {
            Environment = new Dictionary<string, string>(_environment)
            {
                ["DAPR_API_TOKEN"] = token ?? "",
                ["APP_API_TOKEN"] = appToken ?? "",
                ["DAPR_HOST_IP"] = "127.0.0.1",
            },
            Options =
            [
                "--resources-path", Resources, .. _configuration is null ? [] : new[] { "--config", _configuration },
                .. BlockShutdown is { } block ? new[] { "--dapr-block-shutdown-duration", $"{block.TotalSeconds}s" } : [],
                "--placement-host-address", _control.Placement, "--scheduler-host-address", _control.Scheduler,
            ],
        };
        _sidecars.Add(sidecar);
        await (ready ? sidecar.StartAsync() : sidecar.StartEarlyAsync());
        return sidecar;
    }

    static bool IsConfiguration(string document) => document.Split('\n').Any(l => l.Trim() == "kind: Configuration");
}
