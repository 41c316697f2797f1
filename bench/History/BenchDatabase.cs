using Forewarn.Bench.Rig;
using Npgsql;

namespace Forewarn.Bench.History;

/// <summary>A database of its own on the server of <c>FOREWARN_TEST_POSTGRES</c>, and what the server spends.</summary>
sealed class BenchDatabase : IAsyncDisposable
{
    const string Setting = "FOREWARN_TEST_POSTGRES";

    readonly NpgsqlDataSource _server;
    readonly string _name;
    readonly int? _postmaster;

    BenchDatabase(NpgsqlDataSource server, string name, int? postmaster)
    {
        (_server, _name, _postmaster) = (server, name, postmaster);
        // Pooled, as services have it, unlike the server's own: a connection per commit would cost more than the commit.
        ConnectionString = new NpgsqlConnectionStringBuilder(Server()) { Database = name }.ConnectionString;
        Source = NpgsqlDataSource.Create(ConnectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    /// <summary>Name and version, as the server tells them.</summary>
    public string Version { get; private init; } = "";

    public static async Task<BenchDatabase> CreateAsync()
    {
        var server = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Server()) { Pooling = false }.ConnectionString);
        var name = $"bench_{Guid.NewGuid():N}";
        await using var connection = await server.OpenConnectionAsync();
        var postmaster = ProcessTree.ParentOf(connection.ProcessID, "postgres");
        await using (var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection))
            await create.ExecuteNonQueryAsync();
        return new BenchDatabase(server, name, postmaster) { Version = $"PostgreSQL {connection.PostgreSqlVersion}" };
    }

    /// <summary>CPU seconds of the server since it started; null when it does not run on this machine.</summary>
    public double? CpuSeconds() => _postmaster is { } pid ? ProcessTree.Read(pid).CpuSecondsWithEnded : null;

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 0;
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Bytes of a table, its indexes and what lies beside it, partitions included.</summary>
    public Task<long> BytesAsync(string table) => ScalarAsync<long>($"""
        SELECT pg_total_relation_size('{table}') + coalesce((SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('{table}') WHERE level > 0), 0)::bigint
        """);

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await using (var drop = _server.CreateCommand($"DROP DATABASE {_name} WITH (FORCE)"))
            await drop.ExecuteNonQueryAsync();
        await _server.DisposeAsync();
    }

    static string Server() => Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } text
        ? text
        : throw new InvalidOperationException($"{Setting} names no server; `./forewarn bench history` starts one.");
}
