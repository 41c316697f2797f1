using System.Collections.Concurrent;
using DevSidecar.Bindings;
using DevSidecar.PubSub;

namespace DevSidecar.Apps;

/// <summary>The input bindings of one replica while its app is there.</summary>
sealed class AppInputBindings(AppSidecar sidecar, ILogger logger)
{
    /// <summary>daprd's <c>--app-binding-options-timeout</c>.</summary>
    static readonly TimeSpan DiscoveryTimeout = TimeSpan.FromSeconds(3);

    readonly ConcurrentDictionary<string, Reading> _running = new(StringComparer.Ordinal);

    /// <summary>What waits at brokers that tell it per replica.</summary>
    public IReadOnlyList<QueueDescription> Backlogs => [.. Readers.SelectMany(b => b.Backlogs)];

    /// <summary>The same per partition.</summary>
    public IReadOnlyList<PartitionLag> Lags => [.. Readers.SelectMany(b => b.Lags)];

    IEnumerable<IBacklog> Readers => _running.Values.Select(r => r.Reader).OfType<IBacklog>();

    /// <summary>Asks the app which bindings it wants and reads those. Called again, it changes only what the app changed.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var binding in sidecar.Components.Inputs)
        {
            var wanted = !binding.AsksApp || (await IsWantedAsync(binding, cancellationToken) ?? _running.ContainsKey(binding.Name));
            if (wanted && !_running.ContainsKey(binding.Name))
            {
                _running[binding.Name] = await Reading.StartAsync(binding.Source, new(sidecar, binding, logger), cancellationToken);
                Log.BindingStarted(logger, sidecar.AppId, binding.Name, binding.Path);
            }
            else if (!wanted && _running.TryRemove(binding.Name, out var running))
            {
                await running.StopAsync(sidecar.Runtime.Options.GracefulShutdown);
            }
        }
    }

    /// <summary>Stops reading. A living app may finish what it handles; a dead one is not waited for.</summary>
    public async Task StopAsync()
    {
        var grace = sidecar.State == AppSidecarState.AppLost ? TimeSpan.Zero : sidecar.Runtime.Options.GracefulShutdown;
        await Task.WhenAll(_running.Values.Select(r => r.StopAsync(grace)));
        _running.Clear();
    }

    /// <summary>2xx and 405 mean that there is such a route, any other status that there is none. Null: the app did not say.</summary>
    async Task<bool?> IsWantedAsync(InputBinding binding, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DiscoveryTimeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, sidecar.Channel.Origin + binding.Path);
            using var response = await sidecar.Channel.SendAsync(request, binding.Path, limit.Token);
            var status = (int)response.StatusCode;
            if (status is (>= 200 and < 300) or 405)
            {
                return true;
            }

            Log.BindingNotWanted(logger, sidecar.AppId, binding.Name, binding.Path, $"status {status}");
            return false;
        }
        catch (HttpRequestException e)
        {
            Log.BindingNotWanted(logger, sidecar.AppId, binding.Name, binding.Path, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.BindingNotWanted(logger, sidecar.AppId, binding.Name, binding.Path, "no answer in time");
        }

        return null;
    }

    /// <summary>A binding being read, and what ends the events the app still handles when the reading has stopped.</summary>
    sealed record Reading(IAsyncDisposable Reader, CancellationTokenSource Deliveries)
    {
        public static async Task<Reading> StartAsync(IInputBinding source, InputDelivery delivery, CancellationToken cancellationToken)
        {
            var deliveries = new CancellationTokenSource();
            var stop = deliveries.Token;
            var reader = await source.ReadAsync(
                async (bindingEvent, token) =>
                {
                    using var either = CancellationTokenSource.CreateLinkedTokenSource(token, stop);
                    return await delivery.DeliverAsync(bindingEvent, either.Token);
                },
                cancellationToken);
            return new(reader, deliveries);
        }

        public async Task StopAsync(TimeSpan grace)
        {
            Deliveries.CancelAfter(grace);
            await Reader.DisposeAsync();
            Deliveries.Dispose();
        }
    }
}
