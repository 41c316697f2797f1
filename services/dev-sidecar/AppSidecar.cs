using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DevSidecar.Actors;
using DevSidecar.Api;
using DevSidecar.Apps;
using DevSidecar.Components;
using DevSidecar.PubSub;
using DevSidecar.Resiliency;

namespace DevSidecar;

/// <summary>The logical sidecar of one app replica.</summary>
public sealed class AppSidecar : IAsyncDisposable, IAppPort
{
    static readonly TimeSpan DiscoveryTimeout = TimeSpan.FromSeconds(10);

    readonly CancellationTokenSource _stop = new();
    readonly AppRegistration _registration;
    readonly ILogger _logger;
    readonly AppChannel? _channel;
    readonly AppSubscriptions _subscriptions;
    readonly AppInputBindings _inputs;
    readonly SemaphoreSlim _deliveries = new(1);
    SidecarServer? _server;
    Task _monitor = Task.CompletedTask;
    volatile bool _deliversNoMore;
    byte[]? _lastSubscriptions;

    AppSidecar(SidecarRuntime runtime, AppRegistration registration, AppComponents components, ILogger logger)
    {
        (Runtime, _registration, Components, _logger) = (runtime, registration, components, logger);
        InstanceId = registration.InstanceId!;
        Telemetry = new(registration.AppId);
        Telemetry.ObserveActors(() => runtime.Actors.CountsOn(this));
        _channel = registration.AppPort > 0 ? new(registration.AppPort, registration.AppApiToken, Telemetry, runtime.Options.TimeProvider) : null;
        State = _channel is null ? AppSidecarState.Ready : AppSidecarState.WaitingForApp;
        Guards = new(Policies.For(runtime.Resiliency, registration.AppId), Telemetry, runtime.Options.TimeProvider);
        _subscriptions = new(this, logger);
        _inputs = new(this, logger);
        Telemetry.ObserveLags(() => [.. runtime.Groups.LagsOf(InstanceId), .. _subscriptions.Lags, .. _inputs.Lags]);
    }

    public string AppId => _registration.AppId;

    public int HttpPort => _server!.HttpPort;

    public int GrpcPort => _server!.GrpcPort;

    public int AppPort => _registration.AppPort;

    /// <summary>Unique among the replicas; what <c>{podName}</c> and <c>{uuid}</c> become.</summary>
    public string InstanceId { get; }

    public AppSidecarState State { get; private set; }

    internal SidecarRuntime Runtime { get; }

    internal AppComponents Components { get; }

    internal Telemetry Telemetry { get; }

    internal Guards Guards { get; }

    internal ActorHostConfiguration? ActorHost { get; private set; }

    internal IReadOnlyList<AppSubscription> Subscriptions => _subscriptions.Active;

    internal IReadOnlyList<QueueDescription> Backlogs => [.. _subscriptions.Backlogs, .. _inputs.Backlogs];

    /// <summary>Values set through the metadata API.</summary>
    internal IDictionary<string, string> Extended { get; } = new System.Collections.Concurrent.ConcurrentDictionary<string, string>(StringComparer.Ordinal);

    AppChannel IAppPort.Channel => Channel;

    internal AppChannel Channel => _channel ?? throw new InvalidOperationException($"{AppId} has no app port");

    internal TimeProvider Time => Runtime.Options.TimeProvider;

    internal static async Task<AppSidecar> StartAsync(SidecarRuntime runtime, AppRegistration registration, ILogger logger, CancellationToken cancellationToken)
    {
        registration = registration with { InstanceId = registration.InstanceId ?? Guid.NewGuid().ToString() };
        var components = await runtime.Components.ForAsync(registration.AppId, registration.InstanceId!, cancellationToken);
        var sidecar = new AppSidecar(runtime, registration, components, logger);
        sidecar._server = await SidecarServer.StartAsync(sidecar, registration, logger, cancellationToken);
        runtime.Directory.Add(sidecar);
        Log.SidecarStarted(logger, sidecar.AppId, sidecar.InstanceId, sidecar.HttpPort, sidecar.GrpcPort, sidecar.AppPort);
        if (sidecar._channel is { } channel)
        {
            var monitor = new AppMonitor(channel, sidecar.OnAppUpAsync, sidecar.OnAppDownAsync, runtime.Options.TimeProvider);
            sidecar._monitor = Task.Run(() => sidecar.MonitorAsync(monitor), CancellationToken.None);
        }

        return sidecar;
    }

    /// <summary>Without a token configured everything is allowed; otherwise compared in constant time.</summary>
    internal bool TokenIsValid(string? token) => _registration.DaprApiToken is not { Length: > 0 } expected
        || (token is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(token)));

    /// <inheritdoc/>
    async Task<bool> IAppPort.IsAliveAsync(CancellationToken cancellationToken)
    {
        using (var connection = await Channel.TryConnectAsync(cancellationToken))
        {
            if (connection is not null)
            {
                return true;
            }
        }

        // The monitor sees the same within milliseconds and takes this replica out; until then nothing is handed to it.
        await Task.Delay(TimeSpan.FromMilliseconds(200), Time, cancellationToken);
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        if (State == AppSidecarState.Stopped)
        {
            return;
        }

        State = AppSidecarState.Stopped;
        Runtime.Directory.Remove(this);
        Runtime.Removed(this);
        await _stop.CancelAsync();
        await _monitor;
        await StopDeliveriesAsync();
        Runtime.Groups.Forget(InstanceId);
        await Runtime.Actors.LeaveAsync(this);
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _channel?.Dispose();
        Telemetry.Dispose();
        _deliveries.Dispose();
        _stop.Dispose();
    }

    /// <summary>Ends subscriptions and input bindings, for good: an app that comes back gets none.</summary>
    internal Task StopDeliveriesAsync()
    {
        _deliversNoMore = true;
        return PauseDeliveriesAsync();
    }

    async Task PauseDeliveriesAsync()
    {
        await _deliveries.WaitAsync(CancellationToken.None);
        try
        {
            await Task.WhenAll(_inputs.StopAsync(), _subscriptions.StopAsync());
        }
        finally
        {
            _deliveries.Release();
        }
    }

    async Task MonitorAsync(AppMonitor monitor)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await monitor.RunAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // an app nobody watches would be lost without a word
            catch (Exception e)
#pragma warning restore CA1031
            {
                Log.MonitorBroke(_logger, e, AppId);
                await Task.Delay(TimeSpan.FromSeconds(1), Time, CancellationToken.None);
            }
        }
    }

    /// <summary>The app port opened, or a held connection was renewed: reads what the app wants and puts it in force.</summary>
    async Task OnAppUpAsync(CancellationToken cancellationToken)
    {
        var first = State != AppSidecarState.Ready;
        var config = await DiscoverAsync("/dapr/config", cancellationToken);
        var subscriptions = await DiscoverAsync("/dapr/subscribe", cancellationToken);
        await _deliveries.WaitAsync(cancellationToken);
        try
        {
            await StartDeliveriesAsync(config, subscriptions, anew: first, cancellationToken);
        }
        finally
        {
            _deliveries.Release();
        }

        if (first)
        {
            State = AppSidecarState.Ready;
            await Runtime.Actors.JoinAsync(this);
            Log.AppReady(_logger, AppId, Subscriptions.Count, ActorHost?.Entities.Count ?? 0);
        }
    }

    async Task StartDeliveriesAsync(byte[] config, byte[] subscriptions, bool anew, CancellationToken cancellationToken)
    {
        if (anew || !subscriptions.AsSpan().SequenceEqual(_lastSubscriptions))
        {
            await _subscriptions.StopAsync();
            _lastSubscriptions = subscriptions;
            ActorHost = ActorHostConfiguration.Parse(config);
            if (!_deliversNoMore)
            {
                _subscriptions.Start(subscriptions);
            }
        }

        if (!_deliversNoMore)
        {
            await _inputs.StartAsync(cancellationToken);
        }
    }

    async Task OnAppDownAsync()
    {
        State = AppSidecarState.AppLost;
        Log.AppLost(_logger, AppId, AppPort);
        await PauseDeliveriesAsync();
        await Runtime.Actors.LeaveAsync(this);
    }

    /// <summary>404 means the app does not use the feature. Other failures are tried again a few times, as daprd does.</summary>
    async Task<byte[]> DiscoverAsync(string path, CancellationToken cancellationToken)
    {
        var reason = "";
        var started = Time.GetTimestamp();
        for (var retries = 0; ; retries++)
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                limit.CancelAfter(DiscoveryTimeout);
                var (status, body) = await Channel.GetAsync(path, AppId, limit.Token);
                if ((int)status is >= 200 and < 300)
                {
                    using var check = JsonDocument.Parse(body.Length == 0 ? "null"u8.ToArray() : body);
                    return body;
                }

                if ((int)status == 404)
                {
                    return [];
                }

                reason = $"status {(int)status}";
            }
            catch (JsonException)
            {
                reason = "a body that is not JSON";
                break;
            }
            catch (HttpRequestException e)
            {
                reason = e.Message;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                reason = "no answer in time";
            }

            if (Guards.Initialization.Next(Outcome.Failure, retries, Time.GetElapsedTime(started)) is not { } delay)
            {
                break;
            }

            await Task.Delay(delay, Time, cancellationToken);
        }

        Log.DiscoveryFailed(_logger, AppId, path, reason);
        return [];
    }
}
