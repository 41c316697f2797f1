namespace Forewarn.History.Storage;

/// <summary>What to do about a database.</summary>
enum StorageVerb
{
    UseNative,
    UseTimescale,

    /// <summary>Create the extension, then choose again.</summary>
    CreateExtension,

    /// <summary>Not ready until somebody changes something.</summary>
    Refuse,
}

/// <summary>Native partitions or TimescaleDB, and why, from what the server says.</summary>
readonly record struct StorageChoice(StorageVerb Verb, string Why)
{
    /// <summary>
    /// 2.11 brought UPDATE, DELETE and ON CONFLICT on compressed chunks, 2.13 the way in which hypertables are created,
    /// 2.14 the limit of decompressed rows that late data must lift.
    /// </summary>
    public static readonly Version OldestTimescale = new(2, 14);

    const string Setting = "HISTORY__TIMESCALE";

    /// <param name="failure">Why creating the extension failed; null while it was not tried.</param>
    public static StorageChoice Of(TimescaleUse use, StorageFacts facts, string? failure) => facts.Tables switch
    {
        TableKind.Plain => OfHypertables(use, facts),
        TableKind.Partitioned => OfPartitions(use, facts),
        _ => OfEmpty(use, facts, failure),
    };

    /// <summary>What it comes to, for logs and people.</summary>
    public string Describe(StorageFacts facts) => Verb == StorageVerb.UseTimescale
        ? $"PostgreSQL {facts.Version}, TimescaleDB {facts.Installed} ({Why})"
        : $"PostgreSQL {facts.Version}, native partitions ({Why})";

    static StorageChoice OfHypertables(TimescaleUse use, StorageFacts facts)
    {
        if (facts.Installed is null)
            return Refuse($"the tables in database {facts.Database} were made for TimescaleDB, which is not created there: run CREATE EXTENSION timescaledb in it as a superuser, or name another database");
        if (use == TimescaleUse.Off)
            return Refuse($"{Setting} is Off, but database {facts.Database} holds hypertables: set Auto, or name another database");
        return IsOld(facts.Installed)
            ? Refuse($"{Old(facts.Installed)}: run ALTER EXTENSION timescaledb UPDATE in database {facts.Database}")
            : Timescale(facts);
    }

    static StorageChoice OfPartitions(TimescaleUse use, StorageFacts facts)
    {
        if (use == TimescaleUse.Off)
            return Native($"{Setting} is Off");
        if (use == TimescaleUse.Required)
            return Refuse($"{Setting} is Required, but database {facts.Database} already holds native partitions: convert it as services/history/README.md says, or set Auto");
        return Native(facts.Installed is null && facts.Available is null
            ? NotOnServer
            : "the database already holds them; services/history/README.md says how to convert it to TimescaleDB");
    }

    static StorageChoice OfEmpty(TimescaleUse use, StorageFacts facts, string? failure)
    {
        if (use == TimescaleUse.Off)
            return Native($"{Setting} is Off");
        if (facts.Installed is { } installed)
        {
            return IsOld(installed)
                ? Without(use, Old(installed), $"run ALTER EXTENSION timescaledb UPDATE in database {facts.Database}")
                : Timescale(facts);
        }
        if (facts.Available is not { } available)
        {
            return use == TimescaleUse.Required
                ? Without(use, NotOnServer, "install it there and add timescaledb to shared_preload_libraries")
                : Native(NotOnServer);
        }
        if (IsOld(available))
            return Without(use, Old(available), "update it on the server");
        if (!facts.Preloaded)
            return Without(use, $"TimescaleDB {available} is installed but not loaded", "add timescaledb to shared_preload_libraries and restart the server");
        var byHand = $"run CREATE EXTENSION timescaledb in database {facts.Database} as a superuser";
        if (!facts.MayCreate)
            return Without(use, $"TimescaleDB {available} is there, but role {facts.Role} may not create it", byHand);
        return failure is null
            ? new StorageChoice(StorageVerb.CreateExtension, $"TimescaleDB {available} is there")
            : Without(use, $"creating TimescaleDB {available} failed: {failure}", byHand);
    }

    const string NotOnServer = "TimescaleDB is not installed on the server";

    static StorageChoice Without(TimescaleUse use, string why, string remedy) => use == TimescaleUse.Required
        ? Refuse($"{Setting} is Required, but {why}: {remedy}, or set Auto")
        : Native($"{why}; to use it, {remedy} before the first start on an empty database");

    static StorageChoice Native(string why) => new(StorageVerb.UseNative, why);

    static StorageChoice Refuse(string why) => new(StorageVerb.Refuse, why);

    static StorageChoice Timescale(StorageFacts facts) => new(
        StorageVerb.UseTimescale,
        facts.ApacheEdition ? "chunks, without compression: timescaledb.license is apache" : "chunks, compression");

    static string Old(string version) => $"TimescaleDB {version} is older than {OldestTimescale}";

    /// <summary>A version that cannot be read ("2.15.0-dev" can) counts as old: better native than wrong.</summary>
    static bool IsOld(string version) => !System.Version.TryParse(version.Split('-')[0], out var parsed) || parsed < OldestTimescale;
}
