using System.Globalization;
using Npgsql;

namespace Forewarn.Launcher.Platform;

/// <summary>One server address in the two spellings that are needed.</summary>
/// <param name="Npgsql">For .NET: <c>Host=...;Port=...</c>.</param>
/// <param name="Dapr">For Dapr's components: <c>host=... port=...</c>.</param>
sealed record PostgresConnection(string Npgsql, string Dapr)
{
    public const string User = "forewarn";
    public const string Database = "forewarn";

    public static PostgresConnection Local(int port, string password, string database = Database)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = User,
            Password = password,
            Database = database,
        };
        return FromNpgsql(builder.ConnectionString);
    }

    /// <exception cref="LauncherException">It cannot be read.</exception>
    public static PostgresConnection FromNpgsql(string connectionString)
    {
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception invalid) when (invalid is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new LauncherException($"ConnectionStrings__Forewarn cannot be read: {invalid.Message}", ExitCodes.Postgres, invalid);
        }
        if (string.IsNullOrEmpty(builder.Host) || string.IsNullOrEmpty(builder.Database))
            throw new LauncherException("ConnectionStrings__Forewarn names no Host or no Database; for example Host=127.0.0.1;Username=forewarn;Password=...;Database=forewarn.", ExitCodes.Postgres);
        List<string> words =
        [
            $"host={Quote(builder.Host)}",
            $"port={builder.Port.ToString(CultureInfo.InvariantCulture)}",
            $"dbname={Quote(builder.Database)}",
        ];
        if (builder.Username is { Length: > 0 } user)
            words.Add($"user={Quote(user)}");
        if (builder.Password is { Length: > 0 } password)
            words.Add($"password={Quote(password)}");
        if (builder.ContainsKey("SSL Mode") && connectionString.Contains("ssl", StringComparison.OrdinalIgnoreCase))
            words.Add($"sslmode={SslMode(builder.SslMode)}");
        return new PostgresConnection(connectionString, string.Join(' ', words));
    }

    /// <summary>Null when a query gets an answer, else one line that says why not.</summary>
    public async Task<string?> NotAnsweringBecauseAsync(CancellationToken cancellationToken)
    {
        try
        {
            var impatient = new NpgsqlConnectionStringBuilder(Npgsql) { Timeout = 5, CommandTimeout = 5, Pooling = false };
            await using var connection = new NpgsqlConnection(impatient.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("select 1", connection);
            await command.ExecuteScalarAsync(cancellationToken);
            return null;
        }
        catch (Exception outage) when (outage is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException or IOException)
        {
            return outage.InnerException is { } cause && outage is not PostgresException ? cause.Message : outage.Message;
        }
    }

    static string SslMode(SslMode mode) => mode switch
    {
        global::Npgsql.SslMode.VerifyCA => "verify-ca",
        global::Npgsql.SslMode.VerifyFull => "verify-full",
        _ => mode.ToString().ToLowerInvariant(),
    };

    /// <summary>libpq's rule: values with blanks or quotes stand in quotes, with backslashes before quotes and backslashes.</summary>
    static string Quote(string value) =>
        value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or '/' or ':' or ',')
            ? value
            : $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
