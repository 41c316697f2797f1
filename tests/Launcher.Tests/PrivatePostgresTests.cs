using Forewarn.Launcher.Platform;
using Npgsql;

namespace Forewarn.Launcher.Tests;

public sealed class PrivatePostgresTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("forewarn-postgres-").FullName;
    readonly TestTerminal _terminal = new();

    public PrivatePostgresTests()
    {
        Repository.NeedPostgres();
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_second_start_finds_the_data_of_the_first()
    {
        await using (var first = await StartAsync())
        {
            await ExecuteAsync(first, "create table kept (value int); insert into kept values (42)");
            (await ExecuteAsync(first, "show unix_socket_directories")).ShouldBe("");
            (await ExecuteAsync(first, "show synchronous_commit")).ShouldBe("on");
        }

        await using var second = await StartAsync();

        (await ExecuteAsync(second, "select value from kept")).ShouldBe(42);
    }

    [Fact]
    public async Task Nobody_gets_in_without_the_password_and_only_the_owner_can_read_it()
    {
        await using var server = await StartAsync();
        var wrong = PostgresConnection.FromNpgsql(new NpgsqlConnectionStringBuilder(server.Connection.Npgsql) { Password = "guess" }.ConnectionString);

        (await wrong.NotAnsweringBecauseAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull().ShouldContain("password authentication failed");
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.Combine(_folder, "postgres", "password")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.EnumerateFiles(Path.Combine(_folder, "postgres")).Select(Path.GetFileName).ShouldBe(["password"]);
    }

    [Fact]
    public async Task Data_of_another_version_is_left_alone()
    {
        await (await StartAsync()).DisposeAsync();
        var version = Path.Combine(_folder, "postgres", "data", "PG_VERSION");
        await File.WriteAllTextAsync(version, "12\n", TestContext.Current.CancellationToken);

        var refused = await Should.ThrowAsync<LauncherException>(StartAsync);

        refused.Message.ShouldContain("was written by PostgreSQL 12");
        refused.ExitCode.ShouldBe(ExitCodes.Postgres);
    }

    [Fact]
    public async Task A_pid_file_that_names_another_program_does_not_stop_it()
    {
        await (await StartAsync()).DisposeAsync();
        var pidFile = Path.Combine(_folder, "postgres", "data", "postmaster.pid");
        await File.WriteAllTextAsync(pidFile, $"{Environment.ProcessId}\n", TestContext.Current.CancellationToken);

        await using var server = await StartAsync();

        (await ExecuteAsync(server, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Root_below_a_closed_folder_uses_a_user_namespace_or_says_what_to_do()
    {
        if (OperatingSystem.IsWindows() || !Libc.IsRoot)
        {
            Assert.Skip("only root has this problem");
            return;
        }
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            await using var server = await StartAsync();
            (await ExecuteAsync(server, "select 1")).ShouldBe(1);
        }
        catch (LauncherException refused)
        {
            refused.Message.ShouldContain("move the checkout");
        }
    }

    Task<PrivatePostgres> StartAsync() => PrivatePostgres.StartAsync(
        PostgresBinaries.Find(Repository.PostgresPackage), Path.Combine(_folder, "postgres"), new LogFile(Path.Combine(_folder, "postgres.log")),
        _terminal.Terminal, TimeProvider.System, [], static _ => { }, TestContext.Current.CancellationToken);

    static async Task<object?> ExecuteAsync(PrivatePostgres server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.Connection.Npgsql + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
