using System.Text;
using System.Text.Json;
using DevSidecar.Api;
using Grpc.Core;
using Microsoft.Data.Sqlite;

namespace DevSidecar.Actors;

/// <summary>
/// Fires reminders: durable, one timer for all of them, retries as their failure policy says, then the next period. While no
/// replica hosts the type they wait; what fell due meanwhile fires once, not once per missed period.
/// </summary>
sealed class ReminderScheduler : IAsyncDisposable
{
    static readonly TimeSpan LongestSleep = TimeSpan.FromHours(24);

    readonly ActorRuntime _actors;
    readonly ReminderStore _store;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly Lock _lock = new();
    readonly Dictionary<(ActorId Actor, string Name), Reminder> _reminders = [];
    readonly PriorityQueue<Reminder, DateTimeOffset> _queue = new();
    readonly List<Reminder> _parked = [];
    readonly ITimer _timer;
    readonly CancellationTokenSource _stop = new();
    bool _disposed;

    public ReminderScheduler(ActorRuntime actors, string file, TimeProvider time, ILogger logger)
    {
        (_actors, _time, _logger) = (actors, time, logger);
        _store = new(file);
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        foreach (var reminder in _store.All())
        {
            _reminders[(reminder.Actor, reminder.Name)] = reminder;
            _queue.Enqueue(reminder, reminder.Due);
        }

        lock (_lock)
        {
            Arm();
        }
    }

    public void Register(ActorId actor, string name, JsonElement request)
    {
        var now = _time.GetUtcNow();
        var onFailure = FailurePolicy.Parse(request);
        Schedule schedule;
        try
        {
            schedule = Schedule.Parse(request, now);
        }
        catch (ApiException e)
        {
            throw new ApiException(500, StatusCode.Internal, "ERR_ACTOR_REMINDER_CREATE", "error creating actor reminder: " + e.Message);
        }

        var reminder = new Reminder(
            actor, name,
            request.TryGetProperty("data", out var data) && data.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? data.GetRawText() : null,
            Text(request, "dueTime") ?? "", Text(request, "period") ?? "", Text(request, "ttl"),
            now + schedule.Due, schedule.Period, schedule.Repeats, now + schedule.TimeToLive, onFailure);
        var overwrite = !request.TryGetProperty("overwrite", out var flag) || flag.ValueKind != JsonValueKind.False;
        lock (_lock)
        {
            if (!overwrite && _reminders.ContainsKey((actor, name)))
            {
                throw new ApiException(409, StatusCode.AlreadyExists, "ERR_ACTOR_REMINDER_ALREADY_EXISTS", $"reminder {name} of {actor} exists");
            }

            Store(() => _store.Save(reminder));
            _reminders[(actor, name)] = reminder;
            _queue.Enqueue(reminder, reminder.Due);
            Arm();
        }
    }

    public Reminder? Find(ActorId actor, string name)
    {
        lock (_lock)
        {
            return _reminders.GetValueOrDefault((actor, name));
        }
    }

    public int Count(Func<ActorId, bool> where)
    {
        List<ActorId> actors;
        lock (_lock)
        {
            actors = [.. _reminders.Keys.Select(k => k.Actor)];
        }

        return actors.Count(where);
    }

    public void Unregister(ActorId actor, string name)
    {
        lock (_lock)
        {
            Store(() => _store.Delete(actor, name));
            _reminders.Remove((actor, name));
        }
    }

    /// <summary>A replica came: what waited for a host is due again.</summary>
    public void HostsChanged()
    {
        lock (_lock)
        {
            foreach (var reminder in _parked)
            {
                _queue.Enqueue(reminder, reminder.Due);
            }

            _parked.Clear();
            Arm();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        await _stop.CancelAsync();
        await _timer.DisposeAsync();
        lock (_lock)
        {
            _store.Dispose();
        }
    }

    void Arm()
    {
        if (!_disposed && _queue.TryPeek(out _, out var due))
        {
            var wait = due - _time.GetUtcNow();
            _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestSleep ? LongestSleep : wait, Timeout.InfiniteTimeSpan);
        }
    }

    void OnTimer()
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            while (!_disposed && _queue.TryPeek(out var reminder, out var due) && due <= now)
            {
                _queue.Dequeue();
                // An entry that was overwritten, removed or already advanced is stale.
                if (!ReferenceEquals(_reminders.GetValueOrDefault((reminder.Actor, reminder.Name)), reminder))
                {
                    continue;
                }

                if (!_actors.IsHosted(reminder.Actor.Type))
                {
                    _parked.Add(reminder);
                    continue;
                }

                _ = Task.Run(() => FireAsync(reminder), CancellationToken.None);
            }

            Arm();
        }
    }

    async Task FireAsync(Reminder reminder)
    {
        var cancelled = false;
        var body = Encoding.UTF8.GetBytes($$"""{"data":{{reminder.Data ?? "\"\""}},"dueTime":"","period":""}""");
        var call = new ActorCall($"method/remind/{Uri.EscapeDataString(reminder.Name)}", body, "application/json", []);
        for (var retries = 0; MayFire(reminder); retries++)
        {
            var reply = await _actors.TryCallForReplyAsync(reminder.Actor, call);
            _actors.Owner(reminder.Actor)?.Telemetry.ReminderFired(reminder.Actor.Type, reply is { Succeeded: true });
            if (reply is { Succeeded: true })
            {
                cancelled = reply.Headers.Any(h => h.Key.Equals("X-DaprReminderCancel", StringComparison.OrdinalIgnoreCase) && h.Value.Equals("true", StringComparison.OrdinalIgnoreCase));
                break;
            }

            if (retries >= reminder.OnFailure.MaxRetries)
            {
                break;
            }

            await Task.Delay(reminder.OnFailure.Interval, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Advance(reminder, cancelled);
    }

    /// <summary>Not when it has expired, and no further attempt when it was removed or overwritten since the last one.</summary>
    bool MayFire(Reminder reminder)
    {
        lock (_lock)
        {
            return !_disposed && ReferenceEquals(_reminders.GetValueOrDefault((reminder.Actor, reminder.Name)), reminder) && !(_time.GetUtcNow() >= reminder.Expires);
        }
    }

    void Advance(Reminder reminder, bool cancelled)
    {
        lock (_lock)
        {
            var key = (reminder.Actor, reminder.Name);
            if (_disposed || !ReferenceEquals(_reminders.GetValueOrDefault(key), reminder))
            {
                return;
            }

            var left = reminder.Left == int.MaxValue ? int.MaxValue : reminder.Left - 1;
            if (cancelled || reminder.Period is not { } period || left <= 0)
            {
                Remove();
                return;
            }

            var due = reminder.Due + period;
            var now = _time.GetUtcNow();
            if (due < now)
            {
                due += period * Math.Ceiling((now - due) / period);
            }

            if (due >= reminder.Expires)
            {
                Remove();
                return;
            }

            var next = reminder with { Due = due, Left = left };
            _reminders[key] = next;
            _queue.Enqueue(next, due);
            Arm();
            StoreLater(() => _store.Save(next));

            void Remove()
            {
                _reminders.Remove(key);
                StoreLater(() => _store.Delete(reminder.Actor, reminder.Name));
            }

            // A full disk must not stop a reminder that runs. What the disk does not know fires once more after a restart.
            void StoreLater(Action write)
            {
                try
                {
                    write();
                }
                catch (SqliteException e)
                {
                    Log.ReminderNotStored(_logger, e, reminder.Name, reminder.Actor.ToString());
                }
            }
        }
    }

    static void Store(Action write)
    {
        try
        {
            write();
        }
        catch (SqliteException e)
        {
            throw new ApiException(
                500, StatusCode.Internal, "ERR_ACTOR_REMINDER_STORE", $"reminders cannot be stored ({e.Message.TrimEnd('.')}); free disk space or check the data directory, then try again");
        }
    }

    static string? Text(JsonElement request, string name) =>
        request.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
