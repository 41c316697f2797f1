namespace DevSidecar.DurableLog;

/// <summary>A record to append. <paramref name="Partition"/> is chosen by the caller.</summary>
readonly record struct NewRecord(int Partition, string? Key, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Value);

/// <summary>A record as it lies in a partition.</summary>
sealed record LogRecord(long Offset, long TimeMs, string? Key, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Value)
{
    /// <summary>Bytes held in memory, roughly.</summary>
    public int Weight => Value.Length + 96;

    public string? Header(string name)
    {
        foreach (var header in Headers)
        {
            if (string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }

        return null;
    }
}
