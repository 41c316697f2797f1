using System.Threading.Channels;

namespace Forewarn.Gateway.Live;

/// <summary>
/// What one browser is to get. Ticks wait in a short queue from which the oldest is lost; incidents, schemas and the like
/// wait in another, and a browser that leaves that one full is disconnected: it comes back and asks for what it missed.
/// </summary>
sealed class StreamClient(string? entity)
{
    const int MostTicks = 120;
    const int MostEvents = 1_024;

    readonly Lock _gate = new();
    readonly Queue<Frame> _ticks = new();
    readonly Queue<Frame> _events = new();
    readonly HashSet<string> _schemas = new(StringComparer.Ordinal);
    readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The entity whose ticks it gets; null = none.</summary>
    public string? Entity => entity;

    /// <summary>Ticks it was too slow for.</summary>
    public long Dropped { get; private set; }

    /// <summary>It left so many events waiting that it has to come back.</summary>
    public bool Overrun { get; private set; }

    public void Send(Frame frame)
    {
        lock (_gate)
        {
            if (frame.MayBeLost)
            {
                if (_ticks.Count == MostTicks)
                {
                    _ticks.Dequeue();
                    Dropped++;
                }
                _ticks.Enqueue(frame);
            }
            else if (_events.Count == MostEvents)
            {
                Overrun = true;
            }
            else
            {
                _events.Enqueue(frame);
            }
        }
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Sends the columns unless it has them; events overtake ticks, so they arrive first.</summary>
    public void SendSchema(string hash, Frame schema)
    {
        lock (_gate)
        {
            if (!_schemas.Add(hash))
                return;
        }
        Send(schema);
    }

    /// <summary>The frames that wait, events first; returns when there are any.</summary>
    public async ValueTask<IReadOnlyList<Frame>> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_events.Count + _ticks.Count > 0 || Overrun)
                {
                    Frame[] waiting = [.. _events, .. _ticks];
                    _events.Clear();
                    _ticks.Clear();
                    return waiting;
                }
            }
            await _signal.Reader.ReadAsync(cancellationToken);
        }
    }
}
