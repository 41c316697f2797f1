using System.Security.Cryptography;
using Forewarn.Launcher.Docs;

namespace Forewarn.Launcher.Platform;

/// <summary>One run of the platform, from clean-up to the last process ended.</summary>
sealed class PlatformRun(Checkout checkout, UpRequest request, Terminal terminal, TimeProvider time) : IAsyncDisposable
{
    static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);
    static readonly TimeSpan SidecarPatience = TimeSpan.FromSeconds(1.5);

    readonly DataFolders _folders = new(request.Data);
    readonly RunStateFile _state = new(request.Data);
    readonly ScrapeTargets _targets = new(request.Data);
    readonly Lock _gate = new();
    readonly List<(SupervisedProcess Process, int AppPort)> _services = [];
    readonly Dictionary<string, string> _environment = ReadEnvironment();
    RunLock? _lock;
    PrivatePostgres? _postgres;
    Sidecars? _sidecars;
    PublicPorts _ports = new(0, 0);
    long _startedAt;
    bool _up;
    bool _stopped;

    /// <summary>Returns when everything is ready.</summary>
    /// <exception cref="LauncherException">Something needed is missing or does not start.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var template = AppTemplate.Load(checkout.Template);
        _folders.Create();
        _lock = RunLock.TryTake(request.Data) ?? throw AlreadyRunning();
        if (_state.Read() is { } former && await Leftovers.EndAsync(former, time, cancellationToken) is > 0 and var left)
            terminal.Warn($"Ended {left} {(left == 1 ? "process" : "processes")} that an earlier run left behind");

        _ports = PublicPorts.From(request.Port, _environment);
        RequirePorts();
        _startedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
        WriteState();
        var connection = await ConnectAsync(cancellationToken);
        PrepareEnvironment(connection);

        var plans = new AppPlanner(checkout, _environment, _ports).Plan(template.Apps, request.Replicas);
        _targets.Write(plans, _ports);
        _sidecars = await Sidecars.StartAsync(
            template.ResourcesPaths, _folders.Log, _environment, new FileLoggerProvider(_folders.LogOf("sidecar"), terminal, time), cancellationToken);
        foreach (var plan in plans)
            await _sidecars.AddAsync(plan, _environment["APP_API_TOKEN"], _environment["DAPR_API_TOKEN"], cancellationToken);
        foreach (var plan in plans)
        {
            var service = new SupervisedProcess(
                plan.Process, _folders.LogOf(plan.Process.Label), terminal, time, token => ReadinessProbe.NotReadyBecauseAsync(plan.AppPort, token));
            Register(service, plan.AppPort);
            service.Start();
        }
        await new StartDisplay(terminal, time).WaitAsync([.. _services.Where(service => service.AppPort != 0).Select(service => service.Process)], cancellationToken);
        _up = true;
        WriteState();
    }

    public PublicPorts PublicPorts => _ports;

    /// <summary>Services first, all at once, while their sidecars still answer; the database last.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        terminal.Muted = true;
        await Task.WhenAll(_services.Where(service => service.AppPort != 0).Select(service => service.Process.StopAsync(StopPatience)));
        if (_sidecars is not null)
        {
            var stopping = _sidecars.DisposeAsync().AsTask();
            if (await Task.WhenAny(stopping, Task.Delay(SidecarPatience, time)) == stopping)
                await stopping;
        }
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        foreach (var (process, _) in _services)
            await process.DisposeAsync();
        if (_lock is not null)
        {
            _targets.Delete();
            _state.Delete();
            _lock.Dispose();
        }
    }

    LauncherException AlreadyRunning()
    {
        var running = _state.Read();
        return new LauncherException(
            $"Already running{(running is null ? "" : $" at {running.Dashboard} (process {running.Launcher.Pid})")} with the data in {request.Data}. "
            + "`./forewarn status` shows it, `./forewarn down` ends it; --data DIR and --port N run another one beside it.",
            ExitCodes.RunningState);
    }

    void RequirePorts()
    {
        foreach (var (app, what, port, variable) in new[]
        {
            ("gateway", "dashboard", _ports.Gateway, "GATEWAY__PORT"),
            ("ingestion", "ingestion", _ports.Ingestion, "INGESTION__PORT"),
        })
        {
            for (var replica = 0; replica < request.Replicas.GetValueOrDefault(app, 1); replica++)
                Ports.Require(port + replica * PublicPorts.ReplicaStep, what, $"End it, or choose another port with --port N (or {variable}).");
        }
    }

    async Task<PostgresConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_environment.TryGetValue("ConnectionStrings__Forewarn", out var given) && !string.IsNullOrWhiteSpace(given))
        {
            var connection = PostgresConnection.FromNpgsql(given);
            if (await connection.NotAnsweringBecauseAsync(cancellationToken) is { } reason)
                throw new LauncherException($"The PostgreSQL of ConnectionStrings__Forewarn does not answer: {reason}. Mend it, or unset the variable to run a private one.", ExitCodes.Postgres);
            return connection;
        }
        terminal.Step("Starting PostgreSQL");
        _postgres = await PrivatePostgres.StartAsync(
            PostgresBinaries.Find(checkout.PostgresPackage), _folders.Postgres, _folders.LogOf("postgres"), terminal, time, [],
            process => Register(process, appPort: 0), cancellationToken);
        return _postgres.Connection;
    }

    void PrepareEnvironment(PostgresConnection connection)
    {
        _environment["ConnectionStrings__Forewarn"] = connection.Npgsql;
        _environment.TryAdd("FOREWARN_STATE_CONNECTION", connection.Dapr);
        _environment.TryAdd("FOREWARN_MODEL_STORE", _folders.Models);
        _environment.TryAdd("FOREWARN_TRAIN_SCHEDULE", PlatformSettings.TrainSchedule);
        foreach (var (name, value) in PlatformSettings.NotificationDefaults)
            _environment.TryAdd(name, value);
        _environment.TryAdd("DAPR_API_TOKEN", RandomToken());
        _environment.TryAdd("APP_API_TOKEN", RandomToken());
        if (_environment["FOREWARN_MODEL_STORE"] == _folders.Models)
            _folders.SeedModels(checkout.ModelStore);
    }

    void Register(SupervisedProcess service, int appPort)
    {
        lock (_gate)
            _services.Add((service, appPort));
        service.Changed += (_, _) => WriteState();
    }

    void WriteState()
    {
        lock (_gate)
        {
            _state.Write(new RunState
            {
                Launcher = ProcessIdentity.Current,
                StartedAt = _startedAt,
                Up = _up,
                Dashboard = _ports.Dashboard,
                Ingest = _ports.Ingest,
                Data = request.Data,
                Sidecar = _sidecars?.Admin,
                Services = [.. _services.Select(service => new RunningService(
                    service.Process.Spec.Name, service.Process.Spec.Replica, service.Process.State, service.Process.Identity, service.AppPort, service.Process.Restarts))],
            });
        }
    }

    static string RandomToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    static Dictionary<string, string> ReadEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Where(variable => !string.IsNullOrEmpty((string?)variable.Value))
            .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!, StringComparer.Ordinal);
}
