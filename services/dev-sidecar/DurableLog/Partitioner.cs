using System.Text;

namespace DevSidecar.DurableLog;

/// <summary>
/// Chooses partitions as Sarama's hash partitioner does, which Dapr's Kafka component uses: 32-bit FNV-1a of the key,
/// read as a signed number, modulo the partitions, sign dropped. Without a key the partition is random.
/// </summary>
static class Partitioner
{
    public static int Choose(string? key, int partitions)
    {
        if (key is null)
        {
            return Random.Shared.Next(partitions);
        }

        Span<byte> buffer = stackalloc byte[256];
        var utf8 = Encoding.UTF8.GetMaxByteCount(key.Length) <= buffer.Length
            ? buffer[..Encoding.UTF8.GetBytes(key, buffer)]
            : Encoding.UTF8.GetBytes(key);
        var partition = unchecked((int)Fnv1A(utf8)) % partitions;
        return partition < 0 ? -partition : partition;
    }

    public static uint Fnv1A(ReadOnlySpan<byte> data)
    {
        var hash = 2166136261u;
        foreach (var b in data)
        {
            hash = unchecked((hash ^ b) * 16777619u);
        }

        return hash;
    }
}
