using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using DevSidecar.Components;
using Npgsql;
using NpgsqlTypes;

namespace DevSidecar.State;

/// <summary>The SQL of one table shape. Parameters: $1 key, $2 value, $3 time to live, last ETag.</summary>
sealed partial class PostgresDialect
{
    const string IsBinary = "{isbinary}";

    public required string Create { get; init; }

    public required string Select { get; init; }

    public required string Upsert { get; init; }

    /// <summary>First write: inserts, or replaces only what has expired.</summary>
    public required string Insert { get; init; }

    public required string UpdateMatching { get; init; }

    public required string Delete { get; init; }

    public required string DeleteMatching { get; init; }

    public required string CleanUp { get; init; }

    public required bool Json { get; init; }

    /// <summary>v2 answers a non-uuid ETag with a mismatch, v1 a non-number with "invalid".</summary>
    public bool MalformedETagIsMismatch => !Json;

    public static PostgresDialect V2(ComponentMetadata metadata)
    {
        var table = Identifier(metadata, "tablePrefix", metadata["tablePrefix"] ?? "") + "state";
        return new()
        {
            Json = false,
            Create = $"""
                CREATE TABLE IF NOT EXISTS {table} (
                    key text NOT NULL PRIMARY KEY, value bytea, etag uuid NOT NULL,
                    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz, expires_at timestamptz,
                    row_id bigint GENERATED ALWAYS AS IDENTITY);
                CREATE INDEX IF NOT EXISTS {table.Replace('.', '_')}_expires_at ON {table} (expires_at) WHERE expires_at IS NOT NULL;
                """,
            Select = $"SELECT key, value, etag, expires_at FROM {table} WHERE key = ANY($1) AND (expires_at IS NULL OR expires_at > now())",
            Upsert = $"""
                INSERT INTO {table} AS t (key, value, etag, expires_at) VALUES ($1, $2, gen_random_uuid(), now() + $3)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value, etag = excluded.etag, updated_at = now(), expires_at = excluded.expires_at
                """,
            Insert = $"""
                INSERT INTO {table} AS t (key, value, etag, expires_at) VALUES ($1, $2, gen_random_uuid(), now() + $3)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value, etag = excluded.etag, updated_at = now(), expires_at = excluded.expires_at
                WHERE t.expires_at <= now()
                """,
            UpdateMatching = $"""
                UPDATE {table} SET value = $2, etag = gen_random_uuid(), updated_at = now(), expires_at = now() + $3
                WHERE key = $1 AND etag = $4 AND (expires_at IS NULL OR expires_at > now())
                """,
            Delete = $"DELETE FROM {table} WHERE key = $1",
            DeleteMatching = $"DELETE FROM {table} WHERE key = $1 AND etag = $2",
            CleanUp = $"DELETE FROM {table} WHERE expires_at <= now()",
        };
    }

    public static PostgresDialect V1(ComponentMetadata metadata)
    {
        var table = Identifier(metadata, "tableName", metadata["tableName"] ?? "state");
        const string Values = $"VALUES ($1, $2, {IsBinary}, now() + $3)";
        const string Replace = "ON CONFLICT (key) DO UPDATE SET value = excluded.value, isbinary = excluded.isbinary, updatedate = now(), expiredate = excluded.expiredate";
        return new()
        {
            Json = true,
            Create = $"""
                CREATE TABLE IF NOT EXISTS {table} (
                    key text NOT NULL PRIMARY KEY, value jsonb NOT NULL, isbinary boolean NOT NULL,
                    insertdate timestamptz NOT NULL DEFAULT now(), updatedate timestamptz, expiredate timestamptz)
                """,
            Select = $"SELECT key, value::text, xmin::text, expiredate, isbinary FROM {table} WHERE key = ANY($1) AND (expiredate IS NULL OR expiredate > now())",
            Upsert = $"INSERT INTO {table} AS t (key, value, isbinary, expiredate) {Values} {Replace}",
            Insert = $"INSERT INTO {table} AS t (key, value, isbinary, expiredate) {Values} {Replace} WHERE t.expiredate <= now()",
            UpdateMatching = $"UPDATE {table} SET value = $2, isbinary = {IsBinary}, updatedate = now(), expiredate = now() + $3 WHERE key = $1 AND xmin = $4 AND (expiredate IS NULL OR expiredate > now())",
            Delete = $"DELETE FROM {table} WHERE key = $1",
            DeleteMatching = $"DELETE FROM {table} WHERE key = $1 AND xmin = $2",
            CleanUp = $"DELETE FROM {table} WHERE expiredate <= now()",
        };
    }

    public bool TryETag(string text, out object? etag)
    {
        if (Json)
        {
            var ok = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            etag = number;
            return ok;
        }

        var isUuid = Guid.TryParse(text, out var uuid);
        etag = uuid;
        return isUuid;
    }

    public NpgsqlParameter ETagParameter(object etag) => new() { Value = etag, NpgsqlDbType = Json ? NpgsqlDbType.Xid : NpgsqlDbType.Uuid };

    /// <summary>Adds the value. v1 stores JSON as it is and other bytes as a base64 string marked isbinary, as Dapr does.</summary>
    /// <returns>The SQL with that mark filled in.</returns>
    public string Encode(string sql, NpgsqlCommand command, byte[] value)
    {
        if (!Json)
        {
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = value });
            return sql;
        }

        var isJson = IsJson(value);
        var text = isJson ? System.Text.Encoding.UTF8.GetString(value) : '"' + Convert.ToBase64String(value) + '"';
        command.Parameters.Add(new NpgsqlParameter { Value = text, NpgsqlDbType = NpgsqlDbType.Jsonb });
        return sql.Replace(IsBinary, isJson ? "false" : "true", StringComparison.Ordinal);
    }

    public byte[] Decode(NpgsqlDataReader reader)
    {
        if (!Json)
        {
            return reader.GetFieldValue<byte[]>(1);
        }

        var text = reader.GetString(1);
        return reader.GetBoolean(4) ? Convert.FromBase64String(text.Trim('"')) : System.Text.Encoding.UTF8.GetBytes(text);
    }

    static bool IsJson(byte[] value)
    {
        try
        {
            using var document = JsonDocument.Parse(value);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static string Identifier(ComponentMetadata metadata, string key, string text) => Plain().IsMatch(text)
        ? text
        : throw metadata.Error(key, $"may hold letters, digits, '_' and one '.' only, not '{text}'");

    [GeneratedRegex(@"^([A-Za-z_][A-Za-z0-9_]*\.)?[A-Za-z0-9_]*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();
}
