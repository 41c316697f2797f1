using Dapr;
using Dapr.Client;
using Grpc.Core;

namespace Forewarn.Alerting.Routing;

/// <summary>Asks the sidecar for its components, so that a receiver that cannot be reached shows before it is needed.</summary>
sealed class BindingWatch(AlertConfigSource config, DaprClient dapr, TimeProvider time, ILogger<BindingWatch> logger) : BackgroundService
{
    static readonly TimeSpan Period = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    volatile IReadOnlyList<string> _warnings = [];
    LoadedConfig? _checked;

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>For the health report; null while nothing is wrong.</summary>
    public string? Note => _warnings is { Count: > 0 } warnings ? string.Join("; ", warnings) : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var since = time.GetTimestamp();
        using var timer = new PeriodicTimer(Soon, time);
        do
        {
            if (ReferenceEquals(_checked, config.Current) && time.GetElapsedTime(since) < Period)
                continue;
            await CheckAsync(stoppingToken);
            since = time.GetTimestamp();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task CheckAsync(CancellationToken cancellationToken)
    {
        var now = config.Current;
        try
        {
            var metadata = await dapr.GetMetadataAsync(cancellationToken);
            var warnings = BindingCheck.Warnings(now.Config, metadata.Components.ToDictionary(component => component.Name, component => component.Type, StringComparer.Ordinal));
            if (!warnings.SequenceEqual(_warnings, StringComparer.Ordinal))
            {
                foreach (var warning in warnings)
                    Log.BindingMissing(logger, warning);
            }
            _warnings = warnings;
            _checked = now;
        }
        catch (Exception outage) when (outage is DaprException or RpcException)
        {
            // The sidecar starts after its app; the next round asks again.
            Log.BindingsNotChecked(logger, outage.Message);
        }
    }
}
