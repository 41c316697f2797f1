using System.Security.Cryptography;

namespace Forewarn.Launcher.Platform;

/// <summary>The files of a private PostgreSQL: <c>postgres/data</c> and its password beside it.</summary>
sealed class PostgresCluster(PostgresBinaries binaries, PostgresAccount account, string directory)
{
    public string Data { get; } = Path.Combine(directory, "data");

    string PasswordFile { get; } = Path.Combine(directory, "password");

    /// <summary>Creates the cluster unless it is there; returns its password.</summary>
    /// <exception cref="LauncherException">It is of another version, belongs to somebody else, or cannot be created.</exception>
    public async Task<string> EnsureAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        var version = Path.Combine(Data, "PG_VERSION");
        if (!Directory.Exists(Data))
            await CreateAsync(cancellationToken);
        account.TakeOver(Data);
        try
        {
            var found = (await File.ReadAllTextAsync(version, cancellationToken)).Trim();
            if (found != binaries.Major)
                throw new LauncherException($"{Data} was written by PostgreSQL {found}, this is {binaries.Major}: move it away, or give another --data DIR.", ExitCodes.Postgres);
            return (await File.ReadAllTextAsync(PasswordFile, cancellationToken)).Trim();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new LauncherException($"{directory} is not a database of yours ({unreadable.Message}). Start as its owner, or give another --data DIR.", ExitCodes.Postgres, unreadable);
        }
    }

    /// <summary>Built beside its place and moved there when complete: a start that breaks off leaves no half cluster.</summary>
    async Task CreateAsync(CancellationToken cancellationToken)
    {
        var draft = Path.Combine(directory, "new");
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);
        Directory.CreateDirectory(draft);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        await WritePrivateAsync(PasswordFile, password, cancellationToken);

        // initdb runs as another user and must read it once; the lasting copy stays the launcher's.
        var handedOver = Path.Combine(directory, "initdb-password");
        await WritePrivateAsync(handedOver, password, cancellationToken);
        try
        {
            account.TakeOver(draft);
            if (account.Owner is { } owner)
                Libc.ChangeOwner(handedOver, owner, owner);
            string[] arguments =
            [
                "--pgdata", draft, "--username", PostgresConnection.User, "--pwfile", handedOver, "--auth", "scram-sha-256",
                "--encoding", "UTF8", "--locale", "C",
            ];
            var (fileName, words) = account.Command(binaries.InitDb, arguments);
            var (exit, output) = await Tools.RunAsync(fileName, words, "/", cancellationToken, [new("LC_ALL", "C")], account.UserName);
            if (exit != 0)
                throw new LauncherException($"PostgreSQL's initdb failed (exit code {exit}):{Environment.NewLine}{output}", ExitCodes.Postgres);
        }
        catch (System.ComponentModel.Win32Exception unable)
        {
            throw new LauncherException($"PostgreSQL's initdb cannot be started: {unable.Message}", ExitCodes.Postgres, unable);
        }
        finally
        {
            File.Delete(handedOver);
        }
        Directory.Move(draft, Data);
    }

    /// <summary>A server that was killed leaves its pid file; when that pid now is another program, PostgreSQL would refuse to start.</summary>
    public void ForgetDeadServer()
    {
        var file = Path.Combine(Data, "postmaster.pid");
        if (OperatingSystem.IsLinux() && File.Exists(file)
            && int.TryParse(File.ReadLines(file).FirstOrDefault(), System.Globalization.CultureInfo.InvariantCulture, out var pid)
            && !IsServerOn(pid))
        {
            File.Delete(file);
        }
    }

    bool IsServerOn(int pid)
    {
        try
        {
            return File.ReadAllText(FormattableString.Invariant($"/proc/{pid}/cmdline")).Contains(Data, StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    static async Task WritePrivateAsync(string path, string text, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(text.AsMemory(), cancellationToken);
    }
}
