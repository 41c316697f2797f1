using System.Text;
using System.Text.Json;

namespace DevSidecar.Actors;

/// <summary>
/// A timer of an active actor: kept in memory, gone with the activation. The next tick is set after the callback ends,
/// so a slow callback is never overlapped; an error advances to the next tick.
/// </summary>
sealed class ActorTimer
{
    readonly ActorRuntime _runtime;
    readonly ActorSlot _slot;
    readonly string _name;
    readonly Schedule _schedule;
    readonly byte[] _body;
    readonly DateTimeOffset? _expires;
    readonly TimeProvider _time;
    readonly ITimer _timer;
    int _fired;
    volatile bool _cancelled;

    public ActorTimer(ActorRuntime runtime, ActorSlot slot, string name, Schedule schedule, JsonElement request, TimeProvider time)
    {
        (_runtime, _slot, _name, _schedule, _time) = (runtime, slot, name, schedule, time);
        _expires = schedule.TimeToLive is { } ttl ? time.GetUtcNow() + ttl : null;
        _body = Body(request);
        _timer = time.CreateTimer(_ => _ = FireAsync(), null, schedule.Due, Timeout.InfiniteTimeSpan);
    }

    public void Cancel()
    {
        _cancelled = true;
        _timer.Dispose();
    }

    async Task FireAsync()
    {
        if (_cancelled || _time.GetUtcNow() >= _expires)
        {
            ActorRuntime.RemoveTimer(_slot, _name, this);
            return;
        }

        var success = await _runtime.TryCallAsync(_slot.Id, new($"method/timer/{Uri.EscapeDataString(_name)}", _body, "application/json", []) { OnlyIfActive = true });
        _slot.Host?.Telemetry.TimerFired(_slot.Id.Type, success);
        _fired++;
        if (_cancelled)
        {
            return;
        }

        if (_schedule.Period is not { } period || _fired >= _schedule.Repeats)
        {
            ActorRuntime.RemoveTimer(_slot, _name, this);
            return;
        }

        try
        {
            _timer.Change(period, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // Cancelled between the check and here.
        }
    }

    static byte[] Body(JsonElement request)
    {
        var members = new StringBuilder("{");
        foreach (var name in (ReadOnlySpan<string>)["callback", "data", "dueTime", "period"])
        {
            var value = request.ValueKind == JsonValueKind.Object && request.TryGetProperty(name, out var element) ? element.GetRawText() : name == "data" ? "null" : "\"\"";
            members.Append(members.Length > 1 ? "," : "").Append('"').Append(name).Append("\":").Append(value);
        }

        return Encoding.UTF8.GetBytes(members.Append('}').ToString());
    }
}
