namespace DevSidecar.DurableLog;

/// <summary>Delivers records to an app; says per record whether it is done (true) or must be retried (false).</summary>
delegate Task<IReadOnlyList<bool>> Deliver(Topic topic, IReadOnlyList<(int Partition, LogRecord Record)> records, CancellationToken cancellationToken);

/// <summary>How one replica consumes a topic.</summary>
sealed record MemberOptions(BackOff BackOff, bool Bulk, int MaxCount, TimeSpan MaxAwait);

/// <summary>
/// One replica in a consumer group. Single delivery runs one pump per partition, bulk delivery one pump over all of
/// them; a pump runs only while there is something to deliver.
/// </summary>
sealed class GroupMember(string id, TopicGroup group, MemberOptions options, Deliver deliver, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>How long a leaving member waits for deliveries in flight before it cancels them.</summary>
    static readonly TimeSpan Drain = TimeSpan.FromSeconds(3);

    readonly CancellationTokenSource _leaving = new();
    readonly CancellationTokenSource _stop = new();
    readonly Lock _lock = new();
    readonly HashSet<Task> _running = [];
    bool _bulkRunning;
    bool _bulkAgain;
    TaskCompletionSource? _enough;
    int _rotate;

    public string Id => id;

    /// <summary>Something changed for this partition. Returns at once; may be called under the group's lock.</summary>
    public void Schedule(Cursor cursor)
    {
        if (_leaving.IsCancellationRequested)
        {
            return;
        }

        if (!options.Bulk)
        {
            if (cursor.Holder is null)
            {
                Start(() => PumpSingleAsync(cursor));
            }

            return;
        }

        lock (_lock)
        {
            _bulkAgain = true;
            _enough?.TrySetResult();
            if (_bulkRunning)
            {
                return;
            }

            _bulkRunning = true;
        }

        Start(PumpBulkAsync);
    }

    /// <summary>Leaves the group: takes nothing more, lets deliveries in flight end, and cancels what does not; that is delivered again elsewhere.</summary>
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        group.Leave(this);
        Task[] running;
        lock (_lock)
        {
            running = [.. _running];
        }

        _stop.CancelAfter(Drain);
        await Task.WhenAll(running);
        _stop.Dispose();
        _leaving.Dispose();
    }

    void Start(Func<Task> pump)
    {
        // Not cancelled with the member: a pump that began must end its delivery properly.
        var task = Task.Run(pump, CancellationToken.None);
        lock (_lock)
        {
            _running.Add(task);
        }

        _ = task.ContinueWith(
            t =>
            {
                lock (_lock)
                {
                    _running.Remove(t);
                }
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    async Task PumpSingleAsync(Cursor cursor)
    {
        while (!_leaving.IsCancellationRequested && group.TakeOne(this, cursor) is { } taken)
        {
            await DeliverAsync([taken]);
        }
    }

    async Task PumpBulkAsync()
    {
        while (!_leaving.IsCancellationRequested)
        {
            lock (_lock)
            {
                _bulkAgain = false;
            }

            var (count, oldest) = group.Ready(this);
            if (count == 0)
            {
                lock (_lock)
                {
                    if (!_bulkAgain)
                    {
                        _bulkRunning = false;
                        return;
                    }
                }

                continue;
            }

            if (count < options.MaxCount)
            {
                await GatherAsync(oldest);
            }

            var taken = group.Take(this, options.MaxCount, _rotate++ & 0xFFFF);
            if (taken.Count > 0)
            {
                await DeliverAsync(taken);
            }
        }
    }

    /// <summary>Waits until the oldest waiting record has waited long enough or a full batch is there.</summary>
    async Task GatherAsync(long oldestMs)
    {
        while (true)
        {
            var left = options.MaxAwait - (time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(oldestMs));
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            TaskCompletionSource wake;
            lock (_lock)
            {
                wake = _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            using var delay = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token);
            var elapsed = Task.Delay(left, time, delay.Token);
            var first = await Task.WhenAny(wake.Task, elapsed);
            await delay.CancelAsync();
            if (first == elapsed || group.Ready(this).Count >= options.MaxCount)
            {
                return;
            }
        }
    }

    async Task DeliverAsync(List<Taken> taken)
    {
        IReadOnlyList<bool>? outcomes = null;
        try
        {
            var records = new List<(int, LogRecord)>();
            foreach (var (cursor, list) in taken)
            {
                records.AddRange(list.Select(r => (cursor.Partition.Number, r)));
            }

            outcomes = await deliver(group.Topic, records, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The replica is gone or leaving: nothing is known, so everything is delivered again.
        }
#pragma warning disable CA1031 // whatever went wrong, the partition must go on: the batch is retried with the back-off
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.DeliveryBroke(logger, e, group.Topic.Name, group.Name);
            outcomes = new bool[taken.Sum(t => t.Records.Count)];
        }
        finally
        {
            var index = 0;
            foreach (var part in taken)
            {
                var done = 0;
                while (outcomes is not null && done < part.Records.Count && outcomes[index + done])
                {
                    done++;
                }

                index += part.Records.Count;
                group.Complete(this, part, done, outcomes is null ? null : options.BackOff);
            }
        }
    }
}
