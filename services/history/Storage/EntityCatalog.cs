using System.Collections.Concurrent;
using Forewarn.History.Ranges;
using Forewarn.History.Searches;
using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>Numbers of entities by name; an entity keeps its number for ever.</summary>
sealed class EntityCatalog(NpgsqlDataSource database)
{
    readonly ConcurrentDictionary<string, int> _ids = new(StringComparer.Ordinal);

    public int this[string name] => _ids[name];

    /// <summary>Makes <see cref="this"/> answer for these names, new ones included.</summary>
    public async Task EnsureAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var unknown = names.Where(name => !_ids.ContainsKey(name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (unknown.Length == 0)
            return;
        await using (var insert = database.CreateCommand("INSERT INTO history.entities (name) SELECT unnest($1) ON CONFLICT DO NOTHING"))
        {
            insert.Parameters.Add(new() { Value = unknown });
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
        await ReadAsync(unknown, cancellationToken);
    }

    /// <summary>The number of an entity, null when there is none of that name.</summary>
    public async Task<int?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (_ids.TryGetValue(name, out var id))
            return id;
        await ReadAsync([name], cancellationToken);
        return _ids.TryGetValue(name, out id) ? id : null;
    }

    /// <summary>An entity that is named, not sought, must be one; gives its number.</summary>
    /// <exception cref="BadRequestException">There is no such entity.</exception>
    public async Task<int?> RequireAsync(Glob? entity, CancellationToken cancellationToken)
    {
        if (entity?.Exact is not { } name)
            return null;
        return await FindAsync(name, cancellationToken) ?? throw Unknown(name);
    }

    public static BadRequestException Unknown(string name) =>
        new("entity", $"No entity is called '{(name.Length > 80 ? name[..80] : name)}'; /v1/entities lists them.");

    async Task ReadAsync(string[] names, CancellationToken cancellationToken)
    {
        await using var select = database.CreateCommand("SELECT name, id FROM history.entities WHERE name = ANY($1)");
        select.Parameters.Add(new() { Value = names });
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            _ids[reader.GetString(0)] = reader.GetInt32(1);
    }
}
