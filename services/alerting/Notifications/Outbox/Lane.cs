using System.Threading.Channels;

namespace Forewarn.Alerting.Notifications;

/// <summary>A line of work with workers of its own. Full, it refuses: what waits is kept elsewhere and comes again.</summary>
sealed class Lane<T> : IAsyncDisposable
{
    readonly Channel<T> _waiting;
    readonly CancellationTokenSource _stop = new();
    readonly Task _run;

    /// <param name="workers">How many are handled at a time.</param>
    /// <param name="capacity">How many wait at most.</param>
    /// <param name="handle">Handles one and throws nothing; the token is cancelled when time is up.</param>
    /// <param name="abort">Time is up.</param>
    public Lane(int workers, int capacity, Func<T, CancellationToken, Task> handle, CancellationToken abort)
    {
        _waiting = Channel.CreateBounded<T>(new BoundedChannelOptions(capacity) { SingleReader = workers == 1 });
        _run = Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(handle, abort), CancellationToken.None)));
    }

    public bool TryPost(T one) => !_stop.IsCancellationRequested && _waiting.Writer.TryWrite(one);

    /// <summary>Begins nothing more and returns when what has begun is done.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    async Task WorkAsync(Func<T, CancellationToken, Task> handle, CancellationToken abort)
    {
        try
        {
            while (!_stop.IsCancellationRequested)
                await handle(await _waiting.Reader.ReadAsync(_stop.Token), abort);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Drained.
        }
    }
}
