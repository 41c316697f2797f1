using System.Runtime.InteropServices;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>Measures this machine on whole multiples of the interval, so that every tick of its grid holds exactly one row.</summary>
sealed class HostCollector(IHostSource host, Outbox outbox, IngestionOptions options, TimeProvider time, ILogger<HostCollector> logger)
    : BackgroundService
{
    readonly string _entity = EntityName(options.Host.Entity, Environment.MachineName);

    readonly IReadOnlyDictionary<string, string> _attributes = Attributes(Environment.MachineName);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = TimeSpan.FromSeconds(options.Host.IntervalSeconds);
        Log.HostStarted(logger, _entity, options.Host.IntervalSeconds);
        TryMeasure(time.GetUtcNow().ToUnixTimeMilliseconds());
        while (!stoppingToken.IsCancellationRequested)
            TryMeasure(await Grid.NextAsync(time, interval, stoppingToken));
    }

    void TryMeasure(long t)
    {
        try
        {
            if (host.Measure() is { } measured)
                outbox.Add(new Submission(_entity, measured.Schema, [new MetricRow(t, measured.Values)], Sources.Host) { Attributes = _attributes });
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            Log.HostFailed(logger, unreadable.Message);
        }
    }

    /// <summary>What the machine is, in the words of OpenTelemetry's conventions for hosts and operating systems.</summary>
    internal static IReadOnlyDictionary<string, string> Attributes(string machineName) => CardAttributes.Fitting(
    [
        new("host.name", machineName),
        new("host.arch", RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => "amd64",
            Architecture.Arm => "arm32",
            var other => other.ToString().ToLowerInvariant(),
        }),
        new("os.type", OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsFreeBSD() ? "freebsd" : "linux"),
    ]);

    /// <summary>The configured name, or the host's own with what an entity may not hold replaced.</summary>
    internal static string EntityName(string? configured, string machineName)
    {
        if (!string.IsNullOrWhiteSpace(configured))
            return configured;
        var name = string.Concat(machineName.Select(c => Names.WhyNotEntity(c.ToString()) is null ? c : '-'));
        return name.Length == 0 ? "this-host" : name[..Math.Min(name.Length, Names.MaxEntity)];
    }
}
