using System.Globalization;
using DevSidecar.Components;

namespace DevSidecar.Bindings;

/// <summary>
/// <c>bindings.cron</c>: every replica fires its own ticks, an empty body with headers <c>timeZone</c> and <c>readTimeUTC</c>.
/// One tick at a time: what falls due while the app still handles the last is left out. Output operation <c>delete</c> ends
/// the ticks of this replica for good.
/// </summary>
sealed class CronBinding : IInputBinding, IOutputBinding
{
    /// <summary>Longer waits are split: a timer counts at most some weeks.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    readonly CronSchedule _schedule;
    readonly TimeProvider _time;
    readonly TaskCompletionSource _deleted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CronBinding(ComponentMetadata metadata, TimeProvider time)
    {
        _time = time;
        var text = metadata.Required("schedule");
        try
        {
            _schedule = CronSchedule.Parse(text);
        }
        catch (FormatException e)
        {
            throw metadata.Error("schedule", $"'{text}' is no schedule: {e.Message.TrimEnd('.')}. Use five or six cron fields, @daily or @every 15s");
        }
    }

    public IReadOnlyList<string> Operations { get; } = ["delete"];

    public Task<BindingAnswer> InvokeAsync(BindingCall call, CancellationToken cancellationToken)
    {
        _deleted.TrySetResult();
        return Task.FromResult(BindingAnswer.Empty);
    }

    public Task<IAsyncDisposable> ReadAsync(BindingHandler handler, CancellationToken cancellationToken) =>
        Task.FromResult<IAsyncDisposable>(new Reader(this, handler));

    BindingEvent Tick() => new(ReadOnlyMemory<byte>.Empty, new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // The name of the clock's zone, not of one the schedule names: so says daprd.
        ["timeZone"] = "Local",
        ["readTimeUTC"] = _time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF '+0000 UTC'", CultureInfo.InvariantCulture),
    });

    sealed class Reader : IAsyncDisposable
    {
        readonly CancellationTokenSource _stop = new();
        readonly Task _loop;

        public Reader(CronBinding cron, BindingHandler handler) => _loop = RunAsync(cron, handler);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _loop;
            _stop.Dispose();
        }

        async Task RunAsync(CronBinding cron, BindingHandler handler)
        {
            while (cron._schedule.Next(cron._time.GetUtcNow(), cron._time.LocalTimeZone) is { } due && await WaitAsync(cron, due))
            {
                await handler(cron.Tick(), CancellationToken.None);
            }
        }

        /// <summary>False when the ticks have ended meanwhile.</summary>
        async Task<bool> WaitAsync(CronBinding cron, DateTimeOffset due)
        {
            while (due - cron._time.GetUtcNow() is { Ticks: > 0 } left && !_stop.IsCancellationRequested && !cron._deleted.Task.IsCompleted)
            {
                using var wake = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                var pause = Task.Delay(left < LongestWait ? left : LongestWait, cron._time, wake.Token);
                await Task.WhenAny(pause, cron._deleted.Task);
                await wake.CancelAsync();
            }

            return !_stop.IsCancellationRequested && !cron._deleted.Task.IsCompleted;
        }
    }
}
