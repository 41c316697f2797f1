using System.Net;
using System.Net.Sockets;

namespace Forewarn.Ingestion;

/// <summary>Listens for StatsD on UDP, on loopback only since a datagram can carry no key, and hands over a row of each entity at each flush.</summary>
sealed class StatsdListener(IngestionOptions options, Outbox outbox, Telemetry telemetry, TimeProvider time, ILogger<StatsdListener> logger) : BackgroundService
{
    const int MostBytes = 65_536;
    const int Buffered = 4 * 1024 * 1024;

    readonly StatsdTable _table = new(options.MaxEntities, options.MaxSeriesPerEntity);
    readonly Lock _gate = new();
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = Buffered };

    /// <summary>Binds before the service counts as started, so that a taken port ends it with a reason.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, options.Statsd.Port));
        }
        catch (SocketException taken)
        {
            throw new InvalidOperationException(
                $"UDP port {options.Statsd.Port} for StatsD cannot be used: {taken.Message}. Choose another (INGESTION__STATSD__PORT) or end the program that has it.", taken);
        }
        Log.StatsdStarted(logger, options.Statsd.Port, options.Statsd.FlushSeconds);
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _socket.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ReceiveAsync(stoppingToken), FlushAsync(stoppingToken));

    async Task ReceiveAsync(CancellationToken stoppingToken)
    {
        var buffer = new byte[MostBytes];
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, stoppingToken);
                Take(buffer.AsSpan(0, length));
            }
            catch (SocketException unreachable)
            {
                // What an earlier answer ran into is told here; the next datagram is another matter.
                Log.StatsdFailed(logger, unreachable.Message);
            }
        }
    }

    void Take(ReadOnlySpan<byte> datagram)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_gate)
        {
            foreach (var range in datagram.Split((byte)'\n'))
            {
                var line = datagram[range].Trim("\r "u8);
                if (line.IsEmpty)
                    continue;
                if (StatsdSample.Parse(line) is not { } sample)
                    telemetry.Refused("syntax");
                else if (!_table.Take(sample, now))
                    telemetry.Refused("series");
            }
        }
    }

    async Task FlushAsync(CancellationToken stoppingToken)
    {
        var (interval, last) = (TimeSpan.FromSeconds(options.Statsd.FlushSeconds), time.GetTimestamp());
        while (!stoppingToken.IsCancellationRequested)
        {
            var t = await Grid.NextAsync(time, interval, stoppingToken);
            IReadOnlyList<Submission> rows;
            lock (_gate)
                rows = _table.Flush(t, Math.Max(0.001, time.GetElapsedTime(last).TotalSeconds));
            last = time.GetTimestamp();
            foreach (var row in rows)
                outbox.Add(row);
        }
    }
}
