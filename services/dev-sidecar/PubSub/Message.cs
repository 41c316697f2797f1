using System.Globalization;
using DevSidecar.DurableLog;

namespace DevSidecar.PubSub;

enum MessageState
{
    Open,
    Done,
    Retry,
}

/// <summary>One message on its way to the app.</summary>
sealed class Message(string topic, int partition, LogRecord record)
{
    public LogRecord Record => record;

    public string EntryId { get; } = string.Create(CultureInfo.InvariantCulture, $"{topic}-{partition}-{record.Offset}");

    public ReadOnlyMemory<byte> Event { get; set; }

    public string? Path { get; set; }

    public string? TraceParent { get; set; }

    public MessageState State { get; set; }

    public Verdict Verdict { get; set; }

    /// <summary>What Dapr's Kafka component adds: the record's headers and where it came from.</summary>
    public IEnumerable<KeyValuePair<string, string>> Metadata() => KafkaMetadata.OfRecord(topic, partition, record);
}
