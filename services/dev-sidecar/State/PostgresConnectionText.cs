namespace DevSidecar.State;

/// <summary>Dapr's spelling of a PostgreSQL address, for programs that want to reach the same server.</summary>
public static class PostgresConnectionText
{
    /// <summary>From <c>host=... user=...</c>, <c>postgres://...</c> or Npgsql's own spelling to Npgsql's.</summary>
    /// <exception cref="FormatException">It is none of them. The text, which may hold a password, is not repeated.</exception>
    public static string ToNpgsql(string text)
    {
        try
        {
            return PostgresConnection.Parse(text).ConnectionString;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new FormatException("Write host=... port=... user=... password=... dbname=..., or postgres://user:password@host:port/database.", unreadable);
        }
    }
}
