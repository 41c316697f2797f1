using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.StreamProcessor.Tests;

/// <summary>Messages that reach a real replica at given moments, and what it says about silence, in milliseconds since the start.</summary>
sealed class SilenceTimeline
{
    const int StepMs = 50;
    const int CheckMs = 250;

    readonly FakeDapr _dapr = new();
    readonly FakeTimeProvider _time = new(StreamRig.Start);
    readonly List<(long At, long Event, long Received, string Entity)> _messages = [];

    /// <summary>A message at <paramref name="at"/>; its row is as old as <paramref name="eventAt"/> says, and it was received at <paramref name="receivedAt"/>.</summary>
    public void Add(string entity, long at, long? eventAt = null, long? receivedAt = null) => _messages.Add((at, eventAt ?? at, receivedAt ?? at, entity));

    /// <summary>A message every <paramref name="interval"/> ms from <paramref name="from"/> to before <paramref name="to"/>, moved by <paramref name="moved"/>.</summary>
    public void Add(string entity, long interval, long from, long to, Func<long, long>? moved = null)
    {
        for (var at = from; at < to; at += interval)
            Add(entity, moved?.Invoke(at) ?? at, eventAt: at, receivedAt: at);
    }

    /// <summary>Lets all messages come and returns who was told silent, and when.</summary>
    public async Task<List<(string Entity, long At)>> PlayAsync(long until)
    {
        await using var rig = new StreamRig(_dapr, _time, "--StreamProcessor:SilenceAfterMinutes=0");
        var schema = StreamRig.Schema(_dapr, "a");
        var seq = new Dictionary<string, long>(StringComparer.Ordinal);
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        _dapr.Invoke = (_, _) => JsonSerializer.Serialize(
            new Page<EntityInfo>([.. seen.Select(one => new EntityInfo { Entity = one.Key, Series = 1, FirstSeen = 0, LastSeen = one.Value })]),
            ContractJson.Default.PageEntityInfo);
        var start = rig.Now;
        var told = new List<(string, long)>();
        var queue = new Queue<(long At, long Event, long Received, string Entity)>(_messages.OrderBy(message => message.At));
        for (var at = 0L; at < until; at += StepMs)
        {
            // The check comes before the messages of its moment: whoever waits in the queue must not be called silent.
            if (at % CheckMs == 0)
                told.AddRange((await rig.Silence.CheckAsync(TestContext.Current.CancellationToken)).Select(one => (one.Entity, at)));
            while (queue.TryPeek(out var next) && next.At <= at)
            {
                queue.Dequeue();
                var number = seq[next.Entity] = seq.GetValueOrDefault(next.Entity) + 1;
                var batch = StreamRig.Batch(schema, number, start + next.Event, [0.5], next.Entity) with { Stamps = new Stamps { Received = start + next.Received } };
                await rig.DeliverAsync(batch);
                seen[next.Entity] = start + next.Event;

                // In a burst everybody is judged after every message.
                if (queue.TryPeek(out var following) && following.At <= at)
                    told.AddRange((await rig.Silence.CheckAsync(TestContext.Current.CancellationToken)).Select(one => (one.Entity, at)));
            }
            _time.Advance(TimeSpan.FromMilliseconds(StepMs));
        }
        return told;
    }
}
