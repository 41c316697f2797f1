using Forewarn.History.Storage;

namespace Forewarn.History.Tests;

/// <summary>Native partitions or TimescaleDB, for every kind of server and database.</summary>
public sealed class StorageChoiceTests
{
    static readonly StorageFacts Plain = new() { Version = "17.10", Role = "forewarn", Database = "metrics" };
    static readonly StorageFacts OnServer = Plain with { Available = "2.20.1", Preloaded = true, MayCreate = true };
    static readonly StorageFacts Created = OnServer with { Installed = "2.20.1" };

    static readonly (string Name, StorageFacts Facts, string? Failure, StorageVerb Verb, string Why)[] Servers =
    [
        ("nothing there", Plain, null, StorageVerb.UseNative, "TimescaleDB is not installed on the server"),
        ("could be created", OnServer, null, StorageVerb.CreateExtension, "2.20.1"),
        ("creating it failed", OnServer, "no space", StorageVerb.UseNative, "failed: no space; to use it, run CREATE EXTENSION timescaledb in database metrics"),
        ("not loaded", OnServer with { Preloaded = false }, null, StorageVerb.UseNative, "shared_preload_libraries"),
        ("may not create", OnServer with { MayCreate = false }, null, StorageVerb.UseNative, "role forewarn may not create it; to use it, run CREATE EXTENSION timescaledb in database metrics as a superuser"),
        ("too old on the server", OnServer with { Available = "2.13.1" }, null, StorageVerb.UseNative, "TimescaleDB 2.13.1 is older than 2.14"),
        ("created", Created, null, StorageVerb.UseTimescale, "chunks, compression"),
        ("created, role without rights", Created with { MayCreate = false }, null, StorageVerb.UseTimescale, "chunks, compression"),
        ("the oldest that will do", Created with { Installed = "2.14.0" }, null, StorageVerb.UseTimescale, "chunks, compression"),
        ("a development version", Created with { Installed = "2.21.0-dev" }, null, StorageVerb.UseTimescale, "chunks, compression"),
        ("too old in the database", Created with { Installed = "2.9.3" }, null, StorageVerb.UseNative, "TimescaleDB 2.9.3 is older than 2.14; to use it, run ALTER EXTENSION timescaledb UPDATE"),
        ("a version nobody can read", Created with { Installed = "next" }, null, StorageVerb.UseNative, "TimescaleDB next is older"),
        ("Apache edition", Created with { ApacheEdition = true }, null, StorageVerb.UseTimescale, "without compression: timescaledb.license is apache"),
        ("native partitions, none on the server", Plain with { Tables = TableKind.Partitioned }, null, StorageVerb.UseNative, "not installed on the server"),
        ("native partitions, could be created", OnServer with { Tables = TableKind.Partitioned }, null, StorageVerb.UseNative, "already holds them; services/history/README.md says how to convert"),
        ("native partitions, created", Created with { Tables = TableKind.Partitioned }, null, StorageVerb.UseNative, "already holds them"),
        ("hypertables", Created with { Tables = TableKind.Plain }, null, StorageVerb.UseTimescale, "chunks, compression"),
        ("hypertables, extension gone", OnServer with { Tables = TableKind.Plain }, null, StorageVerb.Refuse, "run CREATE EXTENSION timescaledb"),
        ("hypertables, extension old", Created with { Tables = TableKind.Plain, Installed = "2.10.0" }, null, StorageVerb.Refuse, "ALTER EXTENSION timescaledb UPDATE"),
    ];

    [Fact]
    public void It_is_used_where_it_can_be()
    {
        foreach (var server in Servers)
        {
            var choice = StorageChoice.Of(TimescaleUse.Auto, server.Facts, server.Failure);

            choice.Verb.ShouldBe(server.Verb, server.Name);
            choice.Why.ShouldContain(server.Why, customMessage: server.Name);
        }
    }

    /// <summary>Required never settles for native partitions: where Auto would, the reason and the remedy are said.</summary>
    [Fact]
    public void Required_refuses_where_it_could_not_be_used()
    {
        foreach (var server in Servers)
        {
            var choice = StorageChoice.Of(TimescaleUse.Required, server.Facts, server.Failure);

            choice.Verb.ShouldBe(server.Verb == StorageVerb.UseNative ? StorageVerb.Refuse : server.Verb, server.Name);
            if (server.Verb == StorageVerb.UseNative)
                choice.Why.ShouldMatch("HISTORY__TIMESCALE is Required, but .*(install|run|add|update|convert) .*, or set Auto", server.Name);
        }
    }

    [Fact]
    public void Off_never_touches_it()
    {
        foreach (var server in Servers)
        {
            var choice = StorageChoice.Of(TimescaleUse.Off, server.Facts, server.Failure);

            choice.Verb.ShouldBe(server.Facts.Tables == TableKind.Plain ? StorageVerb.Refuse : StorageVerb.UseNative, server.Name);
        }
    }

    [Fact]
    public void People_read_where_rows_lie_and_why()
    {
        StorageChoice.Of(TimescaleUse.Auto, Plain, null).Describe(Plain)
            .ShouldBe("PostgreSQL 17.10, native partitions (TimescaleDB is not installed on the server)");
        StorageChoice.Of(TimescaleUse.Auto, Created, null).Describe(Created).ShouldBe("PostgreSQL 17.10, TimescaleDB 2.20.1 (chunks, compression)");
    }
}
