namespace DevSidecar.DurableLog;

/// <summary>
/// What is known about dead letters beside the records themselves: which topics hold them, where those came from, and
/// which were replayed or discarded. Kept in the log's database. Consumer positions are none of its business: an app that
/// reads a dead letter topic does so on its own.
/// </summary>
sealed class DeadLetterLedger
{
    readonly LogDatabase _database;
    readonly Lock _lock = new();
    readonly Dictionary<string, SortedSet<string>> _sources = new(StringComparer.Ordinal);
    readonly Dictionary<int, OffsetRanges> _handled = [];

    public DeadLetterLedger(LogDatabase database)
    {
        _database = database;
        foreach (var (topic, source) in database.DeadLetterTopics())
        {
            SourcesOf(topic).Add(source);
        }

        foreach (var (topicPartition, first, last) in database.HandledDeadLetters())
        {
            HandledIn(topicPartition).Add(first, last);
        }
    }

    /// <summary>Dead letter topics, and the topics whose subscriptions name them.</summary>
    public IReadOnlyList<(string Topic, IReadOnlyList<string> Sources)> Topics
    {
        get
        {
            lock (_lock)
            {
                return [.. _sources.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => (s.Key, (IReadOnlyList<string>)[.. s.Value]))];
            }
        }
    }

    /// <summary>A subscription to <paramref name="source"/> sends what fails to <paramref name="topic"/>; remembered for good.</summary>
    public void Declare(string topic, string source)
    {
        lock (_lock)
        {
            if (!SourcesOf(topic).Contains(source))
            {
                _database.AddDeadLetterTopic(topic, source);
                SourcesOf(topic).Add(source);
            }
        }
    }

    public long Open(Partition partition)
    {
        lock (_lock)
        {
            var all = partition.Next - partition.Start;
            return _handled.TryGetValue(partition.Id, out var handled) ? all - handled.CountIn(partition.Start, partition.Next) : all;
        }
    }

    /// <summary>The first offset from <paramref name="offset"/> on that was neither replayed nor discarded.</summary>
    public long NextOpen(Partition partition, long offset)
    {
        lock (_lock)
        {
            return _handled.TryGetValue(partition.Id, out var handled) ? handled.NextMissing(offset) : offset;
        }
    }

    /// <summary>On disk when it returns.</summary>
    /// <exception cref="LogUnavailableException">The database cannot be written; nothing is marked.</exception>
    public void MarkHandled(Partition partition, IReadOnlyCollection<long> offsets)
    {
        lock (_lock)
        {
            var marked = new OffsetRanges();
            foreach (var (first, last) in HandledIn(partition.Id).Ranges)
            {
                marked.Add(first, last);
            }

            foreach (var offset in offsets)
            {
                marked.Add(offset, offset);
            }

            marked.DropBelow(partition.Start);
            try
            {
                _database.StoreHandledDeadLetters(partition.Id, marked.Ranges);
            }
            catch (Microsoft.Data.Sqlite.SqliteException e)
            {
                throw new LogUnavailableException($"dead letters cannot be marked as handled ({e.Message.TrimEnd('.')}); free disk space, then try again", e);
            }

            _handled[partition.Id] = marked;
        }
    }

    SortedSet<string> SourcesOf(string topic) =>
        _sources.TryGetValue(topic, out var sources) ? sources : _sources[topic] = new(StringComparer.Ordinal);

    OffsetRanges HandledIn(int topicPartition) =>
        _handled.TryGetValue(topicPartition, out var handled) ? handled : _handled[topicPartition] = new();
}
