namespace Forewarn.Testing.KafkaClient;

/// <param name="Do"><c>produce</c> (key, value, headers), <c>read</c> (the first count records) or <c>committed</c> (of a group).</param>
sealed record Request(
    string Do, string Topic, string? Key = null, string? Value = null, IReadOnlyDictionary<string, string>? Headers = null, int Count = 0, string? Group = null);

sealed record Record(int Partition, string? Key, IReadOnlyDictionary<string, string> Headers, string Value);
