using System.Reflection;

namespace Forewarn.History.Storage;

/// <summary>The statements of <c>Storage/Timescale</c>.</summary>
static class Sql
{
    public static readonly string Facts = Read("facts");
    public static readonly string CreateHypertable = Read("create_hypertable");
    public static readonly string IsCompressed = Read("is_compressed");
    public static readonly string RemoveOtherPolicy = Read("remove_other_policy");
    public static readonly string AddPolicy = Read("add_policy");
    public static readonly string Chunks = Read("chunks");
    public static readonly string DropChunks = Read("drop_chunks");

    static readonly string _enableCompression = Read("enable_compression");

    /// <summary>ALTER TABLE takes no parameters; both come from our own StreamTable.</summary>
    public static string EnableCompression(string table, string segments) =>
        _enableCompression.Replace("{table}", table, StringComparison.Ordinal).Replace("{segments}", segments, StringComparison.Ordinal);

    static string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream($"timescale/{name}")!);
        return reader.ReadToEnd();
    }
}
