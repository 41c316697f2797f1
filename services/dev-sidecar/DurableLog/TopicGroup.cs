namespace DevSidecar.DurableLog;

/// <summary>A partition as one consumer group sees it. Guarded by the lock of its <see cref="TopicGroup"/>.</summary>
sealed class Cursor(Partition partition)
{
    public Partition Partition => partition;

    /// <summary>The next offset to hand out; everything below is done.</summary>
    public long Position { get; set; }

    /// <summary>The member the partition is assigned to.</summary>
    public GroupMember? Owner { get; set; }

    /// <summary>The member with a delivery in flight, perhaps no longer the owner.</summary>
    public GroupMember? Holder { get; set; }

    /// <summary>Backing off after a failure.</summary>
    public bool Waiting { get; set; }

    /// <summary>Retries of the record at <see cref="Position"/> so far.</summary>
    public int Retries { get; set; }

    public long Pending => partition.Next - Math.Max(Position, partition.Start);
}

/// <summary>Records taken from one partition for one delivery.</summary>
readonly record struct Taken(Cursor Cursor, List<LogRecord> Records);

/// <summary>
/// One consumer group on one topic. Assigns partitions to members by range, never has more than one delivery in flight
/// per partition, and hands a partition over only when the delivery of its former owner has ended.
/// </summary>
sealed class TopicGroup
{
    readonly Lock _lock = new();
    readonly EmbeddedLog _log;
    readonly Topic _topic;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly List<GroupMember> _members = [];
    readonly SortedSet<string> _replicas = new(StringComparer.Ordinal);
    readonly Cursor[] _cursors;
    readonly bool _transient;

    public TopicGroup(EmbeddedLog log, Topic topic, string name, bool newest, bool transient, TimeProvider time, ILogger logger)
    {
        (_log, _topic, Name, _transient, _time, _logger) = (log, topic, name, transient, time, logger);
        _cursors = [.. topic.Partitions.Select(p => new Cursor(p))];
        foreach (var cursor in _cursors)
        {
            cursor.Position = log.Position(name, cursor.Partition) ?? (newest ? cursor.Partition.Next : cursor.Partition.Start);
            log.SetPosition(name, cursor.Partition, cursor.Position, transient);
        }

        topic.Listen(OnAppended);
    }

    public string Name { get; }

    /// <summary>Its positions are not stored; it ends with its replica.</summary>
    public bool Transient => _transient;

    public Topic Topic => _topic;

    /// <summary>Records not yet done, and the time (Unix ms) of the oldest. Reads from disk what is no longer in memory.</summary>
    public (long Depth, long? OldestMs) Backlog
    {
        get
        {
            List<(Partition Partition, long Position, long Pending)> waiting;
            lock (_lock)
            {
                waiting = [.. _cursors.Where(c => c.Pending > 0).Select(c => (c.Partition, Math.Max(c.Position, c.Partition.Start), c.Pending))];
            }

            return (waiting.Sum(w => w.Pending), waiting.Min(w => w.Partition.TimeOf(w.Position) ?? _log.Read(w.Partition, w.Position, 1).FirstOrDefault()?.TimeMs));
        }
    }

    public int Members
    {
        get
        {
            lock (_lock)
            {
                return _members.Count;
            }
        }
    }

    public void Join(GroupMember member) => Rebalance(m =>
    {
        m.Add(member);
        _replicas.Add(member.Id);
    });

    /// <summary>Its deliveries in flight are cancelled by the member; what they did not finish goes to the others.</summary>
    public void Leave(GroupMember member) => Rebalance(m => m.Remove(member));

    /// <summary>A replica is gone for good, and not only its app.</summary>
    public void Forget(string replica)
    {
        lock (_lock)
        {
            _replicas.Remove(replica);
        }
    }

    /// <summary>
    /// Records not yet done in the partitions that a replica answers for: those it holds. Partitions that nobody holds, because
    /// the app is away, belong to the first replica that did, so that summing over all replicas counts each partition once.
    /// </summary>
    public IReadOnlyList<(int Partition, long Records)> LagsOf(string replica)
    {
        lock (_lock)
        {
            return
            [
                .. _cursors.Where(c => (c.Owner?.Id ?? _replicas.Min) == replica)
                    .Select(c => (c.Partition.Number, Math.Max(0, c.Pending))),
            ];
        }
    }

    /// <summary>Hears of no more appends.</summary>
    public void Close() => _topic.Unlisten(OnAppended);

    /// <summary>Records this member could take now, and the append time of the oldest (0 when it is not in memory).</summary>
    public (long Count, long OldestMs) Ready(GroupMember member)
    {
        lock (_lock)
        {
            var (count, oldest) = (0L, long.MaxValue);
            foreach (var cursor in _cursors)
            {
                if (IsReady(cursor, member))
                {
                    count += cursor.Pending;
                    oldest = Math.Min(oldest, cursor.Partition.TimeOf(Math.Max(cursor.Position, cursor.Partition.Start)) ?? 0);
                }
            }

            return (count, oldest);
        }
    }

    /// <summary>Takes up to <paramref name="max"/> records over the member's partitions, fairly; they are in flight until <see cref="Complete"/>.</summary>
    public List<Taken> Take(GroupMember member, int max, int rotate)
    {
        var ready = new List<Cursor>();
        lock (_lock)
        {
            for (var i = 0; i < _cursors.Length; i++)
            {
                var cursor = _cursors[(i + rotate) % _cursors.Length];
                if (IsReady(cursor, member) && ready.Count < max)
                {
                    cursor.Holder = member;
                    ready.Add(cursor);
                }
            }
        }

        var shares = FairShares.Of(ready.ConvertAll(c => c.Pending), max);
        var taken = new List<Taken>(ready.Count);
        for (var i = 0; i < ready.Count; i++)
        {
            var records = _log.Read(ready[i].Partition, ready[i].Position, shares[i]);
            if (records.Count == 0)
            {
                Complete(member, new(ready[i], records), 0, null);
            }
            else
            {
                taken.Add(new(ready[i], records));
            }
        }

        return taken;
    }

    /// <summary>Takes the next record of one partition, when it may.</summary>
    public Taken? TakeOne(GroupMember member, Cursor cursor)
    {
        lock (_lock)
        {
            if (!IsReady(cursor, member))
            {
                return null;
            }

            cursor.Holder = member;
        }

        var records = _log.Read(cursor.Partition, cursor.Position, 1);
        if (records.Count > 0)
        {
            return new(cursor, records);
        }

        Complete(member, new(cursor, records), 0, null);
        return null;
    }

    /// <summary>
    /// Ends a delivery: the first <paramref name="done"/> records are finished. With a back-off the next one failed and
    /// is tried again later, or skipped when its retries are used up; without, the rest was simply not delivered.
    /// </summary>
    public void Complete(GroupMember member, Taken taken, int done, BackOff? failed)
    {
        var cursor = taken.Cursor;
        lock (_lock)
        {
            var before = cursor.Position;
            if (done > 0)
            {
                cursor.Position = taken.Records[done - 1].Offset + 1;
                cursor.Retries = 0;
            }

            if (failed is not null && done < taken.Records.Count)
            {
                Fail(cursor, taken.Records[done], failed);
            }

            if (cursor.Position != before)
            {
                _log.SetPosition(Name, cursor.Partition, cursor.Position, _transient);
            }

            cursor.Holder = null;
            if (cursor.Owner is { } owner && owner != member)
            {
                owner.Schedule(cursor);
            }
        }
    }

    void Fail(Cursor cursor, LogRecord record, BackOff backOff)
    {
        if (backOff.Exhausted(cursor.Retries))
        {
            Log.RecordSkipped(_logger, _topic.Name, cursor.Partition.Number, record.Offset, Name, cursor.Retries);
            cursor.Position = record.Offset + 1;
            cursor.Retries = 0;
            return;
        }

        cursor.Waiting = true;
        var delay = backOff.Delay(cursor.Retries++);
        _ = ResumeAsync(cursor, delay);
    }

    async Task ResumeAsync(Cursor cursor, TimeSpan delay)
    {
        await Task.Delay(delay, _time, CancellationToken.None);
        lock (_lock)
        {
            cursor.Waiting = false;
            cursor.Owner?.Schedule(cursor);
        }
    }

    static bool IsReady(Cursor cursor, GroupMember member) =>
        cursor.Owner == member && cursor.Holder is null && !cursor.Waiting && cursor.Pending > 0;

    void Rebalance(Action<List<GroupMember>> change)
    {
        lock (_lock)
        {
            change(_members);
            _members.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
            for (var i = 0; i < _cursors.Length; i++)
            {
                // Range assignment: contiguous blocks, the first members get one more when it does not divide.
                _cursors[i].Owner = _members.Count == 0 ? null : _members[(int)((long)i * _members.Count / _cursors.Length)];
                if (_cursors[i] is { Holder: null } cursor)
                {
                    cursor.Owner?.Schedule(cursor);
                }
            }
        }
    }

    void OnAppended(Partition partition)
    {
        var cursor = _cursors[partition.Number];
        lock (_lock)
        {
            cursor.Owner?.Schedule(cursor);
        }
    }
}
