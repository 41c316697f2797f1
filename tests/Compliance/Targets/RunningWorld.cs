using System.Net;
using System.Text.Json;
using Dapr.Client;

namespace Forewarn.Compliance;

/// <summary>A sidecar that runs already, with its own app id and its own components <c>ps</c> and <c>store</c>.</summary>
sealed class RunningWorld : IWorld
{
    const string Components = "this sidecar runs already, with its own components: the case needs others";

    readonly Clients _clients = new();
    readonly SemaphoreSlim _appPort;
    readonly RunningSidecar _place;
    readonly Sidecar _sidecar;
    readonly HashSet<string> _wishes = [];
    PortRelay? _relay;

    RunningWorld(RunningSidecar place, string appId, SemaphoreSlim appPort) => (_place, _sidecar, _appPort) = (place, new(place, appId), appPort);

    /// <param name="appPort">One app at a time listens on the app's port.</param>
    public static async Task<IWorld> StartAsync(RunningSidecar place, string yaml, SemaphoreSlim appPort)
    {
        Assert.SkipUnless(yaml == World.Standard, Components);
        using var http = new HttpClient();
        using var metadata = JsonDocument.Parse(await http.GetStringAsync($"http://127.0.0.1:{place.HttpPort}/v1.0/metadata"));
        return new RunningWorld(place, metadata.RootElement.GetProperty("id").GetString()!, appPort);
    }

    public async Task<ISidecar> AddAsync(string appId, ProbeApp app, string? token = null, string? appToken = null)
    {
        Assert.SkipWhen(_place.AppPort is null, "this sidecar runs already, and APP_PORT does not say where it expects its app");
        Assert.SkipWhen(_relay is not null, "this sidecar runs already, and has one app: the case needs two");
        Assert.SkipWhen(app.SidecarPort > 0 || token is not null || appToken is not null, "this sidecar runs already, with its own port and tokens");
        using (var direct = new HttpClient { BaseAddress = new($"http://127.0.0.1:{app.Port}") })
        {
            Assert.SkipWhen(
                await AppDeclarations.SubscribesAsync(direct) || await AppDeclarations.HostsActorsAsync(direct),
                "this sidecar runs already, and may have read its app's subscriptions and actors before");
        }

        await _appPort.WaitAsync();
        _relay = new(_place.AppPort!.Value, app.Port);
        var http = Http(_sidecar);
        await Eventually.TrueAsync(async () => (await http.GetAsync("/v1.0/healthz")).StatusCode == HttpStatusCode.NoContent, "the sidecar sees its app", 60);
        return _sidecar;
    }

    public Task<ISidecar> AddEarlyAsync(string appId, int appPort)
    {
        Assert.Skip("this sidecar runs already: its start cannot be looked at");
        return Task.FromResult<ISidecar>(_sidecar);
    }

    public Task<ISidecar> AddClientAsync(string appId = "client", string? token = null)
    {
        _wishes.Add(appId);
        Assert.SkipWhen(_wishes.Count > 1, "this sidecar runs already, and is one: the case needs two");
        Assert.SkipWhen(token is not null, "this sidecar runs already, with its own token");
        return Task.FromResult<ISidecar>(_sidecar);
    }

    public DaprClient Client(ISidecar sidecar, string? token = null) => _clients.Dapr(sidecar, token);

    public HttpClient Http(ISidecar sidecar) => _clients.Http(sidecar);

    public Task RestartAsync() => _sidecar.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        if (_relay is not null)
        {
            await _relay.DisposeAsync();
            _appPort.Release();
        }
    }

    sealed class Sidecar(RunningSidecar place, string appId) : ISidecar
    {
        public string AppId => appId;

        public int HttpPort => place.HttpPort;

        public int GrpcPort => place.GrpcPort;

        public int MetricsPort
        {
            get
            {
                Assert.SkipWhen(place.MetricsPort is null, "this sidecar runs already, and DAPR_METRICS_PORT does not say where its metrics are");
                return place.MetricsPort!.Value;
            }
        }

        public Task StopAsync()
        {
            Assert.Skip("this sidecar was started by somebody else, so it is not ended here");
            return Task.CompletedTask;
        }

        public Task StartAsync() => StopAsync();
    }
}
