using System.Buffers.Binary;

namespace Forewarn.Bench.Ingest;

/// <summary>Bodies that a real client has sent, as they were: for each four bytes of length, little-endian, and the body.</summary>
static class Recording
{
    public const string RemoteWrite = "remote-write-node.bin";
    public const string Otlp = "otlp-sdk.bin";

    /// <summary>Null when it is not there.</summary>
    public static IReadOnlyList<byte[]>? TryRead(string name)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Ingest", "Recordings", name);
        if (!File.Exists(file))
            return null;
        var bodies = new List<byte[]>();
        for (var rest = File.ReadAllBytes(file).AsSpan(); rest.Length > 0;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            bodies.Add(rest.Slice(4, length).ToArray());
            rest = rest[(4 + length)..];
        }
        return bodies;
    }
}
