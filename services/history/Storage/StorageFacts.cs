using Npgsql;

namespace Forewarn.History.Storage;

/// <summary>What the tables of a database are made of.</summary>
enum TableKind
{
    None,
    Partitioned,

    /// <summary>Hypertables, or tables that a start which was interrupted has not made so yet.</summary>
    Plain,
}

/// <summary>What a server says about itself, and about TimescaleDB.</summary>
sealed record StorageFacts
{
    /// <summary>Of PostgreSQL.</summary>
    public required string Version { get; init; }

    public required string Role { get; init; }
    public required string Database { get; init; }

    /// <summary>Version in this database; null when it is not created.</summary>
    public string? Installed { get; init; }

    /// <summary>Version that the server could create; null when it has none.</summary>
    public string? Available { get; init; }

    /// <summary>Without it, creating the extension ends the connection.</summary>
    public bool Preloaded { get; init; }

    public bool MayCreate { get; init; }

    /// <summary>Its Apache edition has hypertables but no compression.</summary>
    public bool ApacheEdition { get; init; }

    public TableKind Tables { get; init; }

    public static async Task<StorageFacts> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql.Facts, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new StorageFacts
        {
            Version = reader.GetString(0),
            Role = reader.GetString(1),
            Database = reader.GetString(2),
            Installed = Text(3),
            Available = Text(4),
            Preloaded = reader.GetBoolean(5),
            MayCreate = reader.GetBoolean(6),
            ApacheEdition = Text(7) == "apache",
            Tables = Text(8) switch { null => TableKind.None, "p" => TableKind.Partitioned, _ => TableKind.Plain },
        };

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }
}
