namespace Forewarn.Launcher.Platform;

/// <summary>
/// Whom PostgreSQL runs as. It refuses to run as root, so root gives it to <c>nobody</c>; where nobody cannot get at the files
/// (a checkout below /root, say) a user namespace does, in which root is somebody else.
/// </summary>
/// <param name="UserName">Account to run as; null = the launcher's.</param>
/// <param name="Prefix">Program and arguments to put before the command; empty = none.</param>
/// <param name="Owner">User and group id that the data directory must belong to; null = leave it.</param>
sealed record PostgresAccount(string? UserName, string[] Prefix, uint? Owner)
{
    const uint NobodyId = 65534;

    /// <exception cref="LauncherException">The launcher is root and neither way is open.</exception>
    public static async Task<PostgresAccount> ChooseAsync(string native, string dataDirectory, CancellationToken cancellationToken)
    {
        if (!Libc.IsRoot)
            return new PostgresAccount(null, [], null);
        if (await CanTraverseAsync("nobody", [native, dataDirectory], cancellationToken))
            return new PostgresAccount("nobody", [], NobodyId);
        if (Tools.Find("unshare") is { } unshare)
        {
            string[] prefix = [unshare, "--user", "--map-user=1000", "--map-group=1000"];
            var (exit, _) = await Tools.RunAsync(prefix[0], [.. prefix[1..], "true"], "/", cancellationToken);
            if (exit == 0)
                return new PostgresAccount(null, prefix, 0);
        }
        throw new LauncherException(
            $"PostgreSQL does not run as root, and the user 'nobody' cannot get at {native} and {dataDirectory}. "
            + "Start as an ordinary user, or move the checkout to a place that others can enter (and give --data DIR there), or name a server in ConnectionStrings__Forewarn.",
            ExitCodes.Postgres);
    }

    public (string FileName, string[] Arguments) Command(string fileName, IEnumerable<string> arguments) =>
        Prefix is [var program, .. var rest] ? (program, [.. rest, fileName, .. arguments]) : (fileName, [.. arguments]);

    /// <summary>Gives the directory and all in it to the account, if it is not the account's already.</summary>
    public void TakeOver(string directory)
    {
        if (Owner is not { } owner || IsOwnedBy(directory, owner))
            return;
        Libc.ChangeOwner(directory, owner, owner);
        foreach (var entry in Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories))
            Libc.ChangeOwner(entry, owner, owner);
    }

    static async Task<bool> CanTraverseAsync(string user, IReadOnlyList<string> folders, CancellationToken cancellationToken)
    {
        foreach (var folder in folders)
        {
            try
            {
                // Asking the system beats reading modes: access lists and mounts count too.
                var (exit, _) = await Tools.RunAsync("/usr/bin/test", ["-x", folder], "/", cancellationToken, userName: user);
                if (exit != 0)
                    return false;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
        return true;
    }

    static bool IsOwnedBy(string path, uint owner) => FileOwner.Of(path) == owner;
}
