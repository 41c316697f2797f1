using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Testing;

/// <summary>One PostgreSQL for a whole run of tests or a bench, thrown away afterwards; they create databases of their own in it.</summary>
sealed class TestPostgres : IAsyncDisposable
{
    static readonly string[] Common = ["max_connections=200"];
    static readonly string[] Hasty = [.. Common, "fsync=off", "synchronous_commit=off", "full_page_writes=off"];

    readonly PrivatePostgres _server;
    readonly string _folder;

    TestPostgres(PrivatePostgres server, string folder)
    {
        _server = server;
        _folder = folder;
    }

    /// <summary>Npgsql form; the account may create databases.</summary>
    public string ConnectionString => _server.Connection.Npgsql;

    /// <param name="durable">As <c>./forewarn up</c> runs it. Otherwise nothing needs to reach the disk, as nothing outlives the run.</param>
    public static async Task<TestPostgres> StartAsync(Checkout checkout, Terminal terminal, bool durable, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("forewarn-test-postgres-").FullName;
        // PostgreSQL may have to run as another user than the one whom the folder was made for.
        if (!OperatingSystem.IsWindows() && Libc.IsRoot)
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        var server = await PrivatePostgres.StartAsync(
            PostgresBinaries.Find(checkout.PostgresPackage), Path.Combine(folder, "postgres"), new LogFile(Path.Combine(folder, "postgres.log")), terminal,
            TimeProvider.System, durable ? Common : Hasty, static _ => { }, cancellationToken);
        return new TestPostgres(server, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
