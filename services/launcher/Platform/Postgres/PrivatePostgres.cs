using System.Globalization;
using DevSidecar;
using Npgsql;

namespace Forewarn.Launcher.Platform;

/// <summary>A private PostgreSQL on a loopback port of its own: no Unix socket, a random password, kept running until disposed.</summary>
sealed class PrivatePostgres : IAsyncDisposable
{
    /// <summary>Recovery after a crash replays the log, which may take a while on a slow disk.</summary>
    static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);

    PrivatePostgres(SupervisedProcess process, PostgresConnection connection)
    {
        Process = process;
        Connection = connection;
    }

    public SupervisedProcess Process { get; }

    public PostgresConnection Connection { get; }

    /// <param name="directory">Where the cluster lies or will lie.</param>
    /// <param name="log">Receives the server's output.</param>
    /// <param name="settings">On top of the defaults, as <c>name=value</c>.</param>
    /// <exception cref="LauncherException">It does not start.</exception>
    public static async Task<PrivatePostgres> StartAsync(
        PostgresBinaries binaries, string directory, LogFile log, Terminal terminal, TimeProvider time, IReadOnlyList<string> settings,
        Action<SupervisedProcess> started, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        var account = await PostgresAccount.ChooseAsync(binaries.Native, directory, cancellationToken);
        var cluster = new PostgresCluster(binaries, account, directory);
        var password = await cluster.EnsureAsync(cancellationToken);
        cluster.ForgetDeadServer();

        var port = FreePorts.Next();
        var admin = PostgresConnection.Local(port, password, "postgres");
        var spec = Spec(binaries, account, cluster.Data, port, settings);
        var process = new SupervisedProcess(spec, log, terminal, time, admin.NotAnsweringBecauseAsync) { Classify = ClassifyLine };
        started(process);
        process.Start();
        try
        {
            await process.FirstReady.WaitAsync(StartPatience, time, cancellationToken);
            await EnsureDatabaseAsync(admin, cancellationToken);
            return new PrivatePostgres(process, PostgresConnection.Local(port, password));
        }
        catch (TimeoutException)
        {
            await process.DisposeAsync();
            throw new LauncherException($"PostgreSQL does not answer: {process.Waiting} ({log.FullName}).", ExitCodes.Postgres);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks for the fast shutdown (clients are disconnected, everything is written) and insists after three seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        await Process.StopAsync(TimeSpan.FromSeconds(3));
        await Process.DisposeAsync();
    }

    /// <summary>Small, but as durable as PostgreSQL is by default: fsync and synchronous_commit stay on.</summary>
    static ProcessSpec Spec(PostgresBinaries binaries, PostgresAccount account, string data, int port, IReadOnlyList<string> settings)
    {
        string[] defaults =
        [
            "listen_addresses=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"port={port}"),
            "unix_socket_directories=",
            "shared_buffers=128MB",
            "max_connections=100",
            "wal_level=minimal",
            "max_wal_senders=0",
            "max_logical_replication_workers=0",
            "max_wal_size=512MB",
            "wal_compression=on",
            "checkpoint_timeout=10min",
            "max_parallel_workers_per_gather=0",
            "jit=off",
            "log_min_messages=warning",
            "log_line_prefix=%m [%p] ",
        ];
        var arguments = new List<string> { "-D", data };
        foreach (var setting in defaults.Concat(settings))
            arguments.AddRange(["-c", setting]);
        var (fileName, words) = account.Command(binaries.Server, arguments);
        return new ProcessSpec
        {
            Name = "postgres",
            FileName = fileName,
            Arguments = words,
            WorkingDirectory = "/",
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "",
                ["LC_ALL"] = "C",
                ["TZ"] = "UTC",
            },
            UserName = account.UserName,
            StopSignal = Libc.SigInt,
            SignalGroup = false,
        };
    }

    static async Task EnsureDatabaseAsync(PostgresConnection admin, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(admin.Npgsql + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection)
        {
            Parameters = { new NpgsqlParameter { Value = PostgresConnection.Database } },
        };
        if (await exists.ExecuteScalarAsync(cancellationToken) is not null)
            return;
        await using var create = new NpgsqlCommand($"create database {PostgresConnection.Database}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>PostgreSQL writes everything to standard error, in its own format.</summary>
    internal static LineClass ClassifyLine(string line, bool isStandardError)
    {
        if (line.Contains("PANIC: ", StringComparison.Ordinal))
            return LineClass.Error;
        // "starting up" and "shutting down" are answers to clients that were too early or too late.
        return line.Contains("FATAL: ", StringComparison.Ordinal)
            && !line.Contains("the database system is", StringComparison.Ordinal)
            && !line.Contains("terminating connection", StringComparison.Ordinal)
            ? LineClass.Error
            : LineClass.Quiet;
    }
}
