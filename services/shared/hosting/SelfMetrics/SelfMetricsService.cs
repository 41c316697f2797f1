using System.Globalization;
using Forewarn.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Forewarn.Hosting;

/// <summary>
/// Publishes this service's request latency and process figures to <see cref="Topics.MetricsExternal"/>, where ingestion
/// treats them like anyone's. What we tell about ourselves must never disturb: a failure is dropped.
/// </summary>
sealed class SelfMetricsService(
    SelfMetricsOptions options, IConfiguration configuration, SidecarEnvironment environment, KeyedPublisher publisher, RequestLatency latency,
    TimeProvider time, ILogger<SelfMetricsService> logger) : BackgroundService
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    static readonly ExternalSeries[] _series =
    [
        new("http.server.request.rate", "{request}/s"),
        new("http.server.request.error_ratio", "1"),
        new("http.server.request.duration.p50", "s"),
        new("http.server.request.duration.p99", "s"),
        new("process.cpu.utilization", "1", Limit: 1),
        new("process.memory.usage", "By"),
        new("dotnet.gc.heap.size", "By"),
        new("dotnet.gc.collections", "{collection}/s"),
        new("dotnet.thread_pool.queue.length", "{work_item}"),
    ];

    readonly ProcessFigures _process = new(time);

    /// <summary><c>FOREWARN_REPLICA</c> counts the replicas of one service from 0; the first carries no number.</summary>
    internal string Entity { get; } =
        $"forewarn/{environment.AppId}{(int.TryParse(configuration["FOREWARN_REPLICA"], CultureInfo.InvariantCulture, out var replica) && replica > 0 ? $"-{replica}" : "")}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        latency.Start();
        _process.Read();
        var interval = TimeSpan.FromSeconds(options.IntervalSeconds);
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var intervalMs = (long)interval.TotalMilliseconds;
            await TryPublishAsync(Measure(time.GetUtcNow().ToUnixTimeMilliseconds() / intervalMs * intervalMs), stoppingToken);
        }
    }

    internal ExternalBatch Measure(long t)
    {
        var requests = latency.Take();
        var process = _process.Read();
        double[] values =
        [
            (double)requests.Count / options.IntervalSeconds,
            requests.Count == 0 ? double.NaN : (double)requests.Errors / requests.Count,
            requests.P50,
            requests.P99,
            process.Cpu,
            process.WorkingSet,
            process.Heap,
            process.CollectionsPerSecond,
            process.QueuedWork,
        ];
        return new ExternalBatch { Entity = Entity, Series = _series, Rows = [new ExternalRow(values, t)] };
    }

    async Task TryPublishAsync(ExternalBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(_patience);
            await publisher.PublishAsync(Components.Telemetry, Topics.MetricsExternal,
                new Outgoing<ExternalBatch>(Entity, $"{environment.Producer}/{batch.Rows[0].T}", batch), ContractJson.Default.ExternalBatch, patience.Token);
        }
#pragma warning disable CA1031 // Whatever goes wrong here is no reason to stop a service.
        catch (Exception lost)
#pragma warning restore CA1031
        {
            HostingLog.SelfMetricsLost(logger, lost.Message);
        }
    }
}

static class SelfMetricsRegistration
{
    public static void AddSelfMetrics(this WebApplicationBuilder builder)
    {
        if (!builder.AddOptions<SelfMetricsOptions>().Enabled)
            return;
        builder.Services.AddSingleton<RequestLatency>();
        builder.Services.AddHostedService<SelfMetricsService>();
    }
}
