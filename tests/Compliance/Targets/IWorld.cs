using Dapr.Client;

namespace Forewarn.Compliance;

/// <summary>The sidecars of one test, with components of their own, and clients of the unmodified SDK.</summary>
public interface IWorld : IAsyncDisposable
{
    /// <summary>Gives the app a sidecar and waits until it is ready.</summary>
    /// <param name="appId">A wish: a sidecar that runs already has its own, so cases use <see cref="ISidecar.AppId"/>.</param>
    /// <param name="app">Listens already.</param>
    /// <param name="token">Asked of callers.</param>
    /// <param name="appToken">Sent to the app.</param>
    Task<ISidecar> AddAsync(string appId, ProbeApp app, string? token = null, string? appToken = null);

    /// <summary>A sidecar whose app does not listen yet.</summary>
    Task<ISidecar> AddEarlyAsync(string appId, int appPort);

    /// <summary>A sidecar without an app.</summary>
    Task<ISidecar> AddClientAsync(string appId = "client", string? token = null);

    DaprClient Client(ISidecar sidecar, string? token = null);

    HttpClient Http(ISidecar sidecar);

    /// <summary>Ends all sidecars gracefully and starts them again, on the same ports and with what they kept; the apps stay.</summary>
    Task RestartAsync();
}
