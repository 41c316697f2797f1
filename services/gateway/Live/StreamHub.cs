using System.Collections.Concurrent;

namespace Forewarn.Gateway.Live;

/// <summary>Who listens; hands frames to them without waiting for anybody.</summary>
sealed class StreamHub : IDisposable
{
    static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(15);

    readonly ConcurrentDictionary<StreamClient, bool> _clients = new();
    readonly GatewayOptions _options;
    readonly ReplayRing _ring;
    readonly Lock _gate = new();
    readonly ITimer _heartbeat;

    public StreamHub(GatewayOptions options, TimeProvider time)
    {
        _options = options;
        _ring = new ReplayRing(time);
        _heartbeat = time.CreateTimer(_ => Broadcast(Frame.Heartbeat), state: null, HeartbeatEvery, HeartbeatEvery);
    }

    public bool HasClients => !_clients.IsEmpty;

    public IEnumerable<StreamClient> Watching(string entity) => _clients.Keys.Where(client => client.Entity == entity);

    /// <summary>Adds a client with what it missed since <paramref name="lastEventId"/>; null when there are too many.</summary>
    public StreamClient? Open(string? entity, long? lastEventId)
    {
        // One lock with Publish: an event is either in the replay or sent, never both and never neither.
        lock (_gate)
        {
            if (_clients.Count >= _options.MaxStreams)
                return null;
            var client = new StreamClient(entity);
            foreach (var missed in lastEventId is { } id ? _ring.After(id) : [])
                client.Send(missed);
            _clients[client] = true;
            return client;
        }
    }

    public void Close(StreamClient client) => _clients.TryRemove(client, out _);

    /// <summary>To everyone, and kept for those who are away for a moment.</summary>
    public void Publish(Func<long, Frame> make)
    {
        lock (_gate)
            Broadcast(_ring.Add(make));
    }

    /// <summary>To everyone who listens now.</summary>
    public void Broadcast(Frame frame)
    {
        foreach (var client in _clients.Keys)
            client.Send(frame);
    }

    public void Dispose() => _heartbeat.Dispose();
}
