using System.Net.Sockets;

namespace DevSidecar.Apps;

/// <summary>
/// Knows whether the app is there without polling it: it waits for the port to open, then holds one idle connection,
/// which the operating system closes the moment the app dies. A close that can be reconnected at once is the app's
/// keep-alive time-out or a fast restart; either way the app's configuration is read again.
/// </summary>
sealed class AppMonitor(AppChannel channel, Func<CancellationToken, Task> onUp, Func<Task> onDown, TimeProvider time)
{
    static readonly TimeSpan FastPoll = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan SlowPoll = TimeSpan.FromSeconds(1);
    static readonly TimeSpan FastPollFor = TimeSpan.FromSeconds(60);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            TcpClient? connection = await WaitForPortAsync(cancellationToken);
            while (connection is not null)
            {
                using (connection)
                {
                    await onUp(cancellationToken);
                    await WaitForCloseAsync(connection, cancellationToken);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
                connection = await channel.TryConnectAsync(cancellationToken);
            }

            await onDown();
        }
    }

    async Task<TcpClient> WaitForPortAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            if (await channel.TryConnectAsync(cancellationToken) is { } connection)
            {
                return connection;
            }

            await Task.Delay(time.GetElapsedTime(started) < FastPollFor ? FastPoll : SlowPoll, time, cancellationToken);
        }
    }

    static async Task WaitForCloseAsync(TcpClient connection, CancellationToken cancellationToken)
    {
        try
        {
            var buffer = new byte[1];
            while (await connection.GetStream().ReadAsync(buffer, cancellationToken) > 0)
            {
                // An app that speaks first is odd, but alive.
            }
        }
        catch (IOException)
        {
            // Reset by the dying app: the same news as an orderly close.
        }
    }
}
