using System.Globalization;
using DevSidecar.Components;
using Npgsql;

namespace DevSidecar.State;

/// <summary>Turns Dapr's connection metadata (a libpq key/value string, a postgres:// URL, an Npgsql string, or single fields) into Npgsql's.</summary>
static class PostgresConnection
{
    static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["host"] = "Host",
        ["hostaddr"] = "Host",
        ["port"] = "Port",
        ["user"] = "Username",
        ["password"] = "Password",
        ["dbname"] = "Database",
        ["database"] = "Database",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["pool_max_conns"] = "Maximum Pool Size",
    };

    public static string Build(ComponentMetadata metadata)
    {
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = (metadata["connectionString"] ?? metadata["url"]) is { } text ? Parse(text) : new();
            Set(builder, "Host", metadata["host"] ?? metadata["hostaddr"]);
            Set(builder, "Port", metadata["port"]);
            Set(builder, "Database", metadata["database"]);
            Set(builder, "Username", metadata["user"]);
            Set(builder, "Password", metadata["password"]);
            Set(builder, "Root Certificate", metadata["sslRootCert"]);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The text may hold a password: it is not repeated.
            throw metadata.Error("connectionString", "is not understood; write host=... port=... user=... password=... database=... or postgres://user:password@host:port/database");
        }

        if (string.IsNullOrEmpty(builder.Host))
        {
            throw metadata.Error("connectionString", "is required (or host, user, password and database)");
        }

        builder.CommandTimeout = (int)metadata.Duration("timeout", TimeSpan.FromSeconds(20)).TotalSeconds;
        // pgx takes max(4, cpus) unless told; more connections only queue inside one machine's server.
        builder.MaxPoolSize = Math.Max(metadata.Number("maxConns", 0), 0) is > 0 and var max ? max : Math.Max(8, Environment.ProcessorCount);
        builder.MinPoolSize = 0;
        builder.MaxAutoPrepare = 16;
        return builder.ConnectionString;
    }

    internal static NpgsqlConnectionStringBuilder Parse(string text)
    {
        if (text.StartsWith("postgres://", StringComparison.Ordinal) || text.StartsWith("postgresql://", StringComparison.Ordinal))
        {
            return FromUrl(new(text));
        }

        if (text.Contains(';', StringComparison.Ordinal))
        {
            return new(text);
        }

        var builder = new NpgsqlConnectionStringBuilder();
        foreach (var (name, value) in Pairs(text))
        {
            Set(builder, Names.GetValueOrDefault(name, name), value);
        }

        return builder;
    }

    static NpgsqlConnectionStringBuilder FromUrl(Uri url)
    {
        var user = url.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder { Host = url.Host };
        Set(builder, "Port", url.Port > 0 ? url.Port.ToString(CultureInfo.InvariantCulture) : null);
        Set(builder, "Username", Uri.UnescapeDataString(user[0]));
        Set(builder, "Password", user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null);
        Set(builder, "Database", Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/')));
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            Set(builder, Names.GetValueOrDefault(parts[0], parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        }

        return builder;
    }

    /// <summary>libpq: blanks between pairs, quotes around values with blanks, backslash escapes.</summary>
    static IEnumerable<(string Name, string Value)> Pairs(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var equals = text.IndexOf('=', at);
            if (equals < 0)
            {
                yield break;
            }

            var name = text[at..equals].Trim();
            at = equals + 1;
            var quoted = at < text.Length && text[at] == '\'';
            at += quoted ? 1 : 0;
            var value = new System.Text.StringBuilder();
            while (at < text.Length && (quoted ? text[at] != '\'' : !char.IsWhiteSpace(text[at])))
            {
                at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
                value.Append(text[at++]);
            }

            at++;
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            yield return (name, value.ToString());
        }
    }

    static void Set(NpgsqlConnectionStringBuilder builder, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            builder[name] = value;
        }
    }
}
