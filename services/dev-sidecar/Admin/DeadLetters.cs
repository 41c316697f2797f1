using System.Text.Json;
using DevSidecar.DurableLog;
using DevSidecar.PubSub;

namespace DevSidecar.Admin;

/// <summary>A dead letter as it lies in the log. <paramref name="Origin"/> is the topic it failed on, null when nothing tells.</summary>
sealed record DeadLetter(string Topic, Partition Partition, LogRecord Record, string? Origin);

/// <summary>Which dead letters an action is for: one, or all that were there at a point of time, so that none goes unseen.</summary>
sealed record DeadLetterSelection(int? Partition, long? Offset, long UntilMs);

/// <summary>Lists, replays and discards the dead letters of the embedded log.</summary>
sealed class DeadLetters(EmbeddedLog log) : IDisposable
{
    const int Batch = 64;

    readonly SemaphoreSlim _acting = new(1);

    /// <summary>Dead letters of a topic neither replayed nor discarded.</summary>
    public long Count(string topic) => log.FindTopic(topic)?.Partitions.Sum(log.DeadLetters.Open) ?? 0;

    /// <summary>A page of them, oldest first over all partitions. Costs reading what it skips: people do not turn a thousand pages.</summary>
    public IReadOnlyList<DeadLetter> List(string topic, int skip, int take) => [.. Merge(topic).Skip(skip).Take(take)];

    /// <summary>One of them, null when it is handled or gone.</summary>
    public DeadLetter? Find(string topic, int partition, long offset)
    {
        if (!IsDeadLetterTopic(topic) || log.FindTopic(topic) is not { } found || partition < 0 || partition >= found.Partitions.Count || offset < 0)
        {
            return null;
        }

        var place = found.Partitions[partition];
        return log.DeadLetters.NextOpen(place, offset) == offset && log.Read(place, offset, 1) is [var record] && record.Offset == offset
            ? Describe(place, record)
            : null;
    }

    /// <summary>
    /// Publishes the original bytes, key and headers to the topic each came from, then marks the dead letter as handled. At least
    /// once: after a crash between the two it is replayed again by whoever asks.
    /// </summary>
    /// <exception cref="DeadLetterException">One has no known origin; it and what follows stay.</exception>
    /// <exception cref="LogUnavailableException">The log takes nothing; the rest stays.</exception>
    public Task<int> ReplayAsync(string topic, DeadLetterSelection selection, CancellationToken cancellationToken) =>
        HandleAsync(topic, selection, ReplayAsync, cancellationToken);

    public Task<int> DiscardAsync(string topic, DeadLetterSelection selection, CancellationToken cancellationToken) =>
        HandleAsync(topic, selection, static _ => Task.CompletedTask, cancellationToken);

    public void Dispose() => _acting.Dispose();

    async Task<int> HandleAsync(string topic, DeadLetterSelection selection, Func<DeadLetter[], Task> action, CancellationToken cancellationToken)
    {
        // One at a time: two clicks must not replay the same letter twice.
        await _acting.WaitAsync(cancellationToken);
        try
        {
            var handled = 0;
            foreach (var letters in Select(topic, selection).Chunk(Batch))
            {
                await action(letters);
                foreach (var partition in letters.GroupBy(l => l.Partition))
                {
                    log.DeadLetters.MarkHandled(partition.Key, [.. partition.Select(l => l.Record.Offset)]);
                }

                handled += letters.Length;
                cancellationToken.ThrowIfCancellationRequested();
            }

            return handled;
        }
        finally
        {
            _acting.Release();
        }
    }

    async Task ReplayAsync(DeadLetter[] letters)
    {
        if (Array.Find(letters, l => l.Origin is null) is { } lost)
        {
            throw new DeadLetterException(
                $"partition {lost.Partition.Number} offset {lost.Record.Offset} of '{lost.Topic}' does not tell which topic it came from: it has no envelope and several or no subscriptions "
                + "name this dead letter topic, or it was published here directly. Replay the others one by one, or discard it.");
        }

        foreach (var byOrigin in letters.GroupBy(l => l.Origin!, StringComparer.Ordinal))
        {
            var target = log.Topic(byOrigin.Key);
            await log.AppendAsync(target, [.. byOrigin.Select(l => LogBroker.Record(target, l.Record.Value, l.Record.Key, l.Record.Headers))]);
        }
    }

    IEnumerable<DeadLetter> Select(string topic, DeadLetterSelection selection)
    {
        if (selection is { Partition: { } partition, Offset: { } offset })
        {
            return Find(topic, partition, offset) is { } one
                ? [one]
                : throw new DeadLetterException($"there is no open dead letter at partition {partition} offset {offset} of '{topic}'; it was handled already, or retention removed it");
        }

        return Merge(topic).TakeWhile(l => l.Record.TimeMs <= selection.UntilMs);
    }

    IEnumerable<DeadLetter> Merge(string topic)
    {
        if (!IsDeadLetterTopic(topic) || log.FindTopic(topic) is not { } found)
        {
            yield break;
        }

        var heads = new PriorityQueue<IEnumerator<DeadLetter>, (long Time, int Partition)>();
        foreach (var partition in found.Partitions)
        {
            Advance(heads, Open(partition).GetEnumerator());
        }

        while (heads.TryDequeue(out var head, out _))
        {
            yield return head.Current;
            Advance(heads, head);
        }
    }

    static void Advance(PriorityQueue<IEnumerator<DeadLetter>, (long Time, int Partition)> heads, IEnumerator<DeadLetter> head)
    {
        if (head.MoveNext())
        {
            heads.Enqueue(head, (head.Current.Record.TimeMs, head.Current.Partition.Number));
        }
        else
        {
            head.Dispose();
        }
    }

    IEnumerable<DeadLetter> Open(Partition partition)
    {
        var offset = partition.Start;
        while (true)
        {
            offset = log.DeadLetters.NextOpen(partition, offset);
            var records = log.Read(partition, offset, Batch);
            if (records.Count == 0)
            {
                yield break;
            }

            foreach (var record in records)
            {
                if (log.DeadLetters.NextOpen(partition, record.Offset) == record.Offset)
                {
                    yield return Describe(partition, record);
                }
            }

            offset = records[^1].Offset + 1;
        }
    }

    DeadLetter Describe(Partition partition, LogRecord record) => new(partition.Topic.Name, partition, record, Origin(partition.Topic.Name, record));

    /// <summary>The envelope tells; without one, the only subscription with this dead letter topic does.</summary>
    string? Origin(string topic, LogRecord record)
    {
        if (!string.Equals(record.Header("rawPayload"), "true", StringComparison.OrdinalIgnoreCase) && EnvelopeTopic(record.Value) is { } named)
        {
            return named == topic ? null : named;
        }

        return log.DeadLetters.Topics.FirstOrDefault(t => t.Topic == topic).Sources is [var only] ? only : null;
    }

    bool IsDeadLetterTopic(string topic) => log.DeadLetters.Topics.Any(t => t.Topic == topic);

    static string? EnvelopeTopic(ReadOnlyMemory<byte> value)
    {
        try
        {
            using var envelope = JsonDocument.Parse(value);
            return envelope.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("topic", out var topic) && topic.ValueKind == JsonValueKind.String
                ? topic.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A dead letter cannot be handled as asked; the message says which and why.</summary>
sealed class DeadLetterException(string message) : Exception(message);
