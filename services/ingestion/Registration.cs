using Forewarn.Hosting;
using Grpc.AspNetCore.Server.Model;

namespace Forewarn.Ingestion;

/// <summary>Everything this service registers.</summary>
static class Registration
{
    public static void AddIngestion(this WebApplicationBuilder builder)
    {
        var options = builder.AddOptions<IngestionOptions>();
        var otlp = OtlpListeners.Add(builder, options);
        builder.AddPublicListener(options.ListenAddress, options.Port, otlp.Ports);
        var services = builder.Services;
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, IngestionJson.Default));
        services.AddSingleton<Telemetry>();
        services.AddSingleton<IngestionStats>();
        services.AddSingleton<SourceQuotas>();
        services.AddSingleton<EntityLanes>();
        services.AddSingleton<QualityReporter>();
        services.AddHostedService(provider => provider.GetRequiredService<QualityReporter>());
        services.AddSingleton<CardStore>();
        services.AddSingleton<EntityCards>();
        services.AddHostedService(provider => provider.GetRequiredService<EntityCards>());
        services.AddSingleton<BatchPublisher>();
        services.AddSingleton<ShapeCache>();
        services.AddSingleton<DoorGuard>();
        services.AddSingleton<JsonDoor>();
        services.AddSingleton<LineDoor>();
        builder.AddOtlp(options);
        services.AddSingleton<RemoteWriteDoor>();
        services.AddSingleton<AlertDoor>();
        services.AddSingleton<Outbox>();
        services.AddHostedService(provider => provider.GetRequiredService<Outbox>());
        services.AddReadiness("broker", provider => provider.GetRequiredService<IngestionStats>().Failure is { } failure
            ? $"the broker does not take metrics: {failure}"
            : null);
        if (options.Host.Enabled)
            services.AddHostCollector();
        if (options.Statsd.Enabled)
            services.AddHostedService<StatsdListener>();
        services.AddSingleton<ScrapeDoor>();
        foreach (var job in options.Scrape.Enabled ? options.Scrape.Jobs : [])
            services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<ScrapeJob>(provider, job));
        foreach (var probe in options.ProbesEnabled ? options.Probes : [])
            services.AddProbe(probe);
    }

    static void AddOtlp(this WebApplicationBuilder builder, IngestionOptions options)
    {
        builder.Services.AddSingleton<OtlpDoor>();
        builder.Services.AddSingleton<OtlpGrpc>();
        builder.Services.AddSingleton<IServiceMethodProvider<OtlpGrpc>, OtlpGrpcMethods>();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = options.MaxBodyBytes);
        // Each refusal would be told twice.
        builder.Logging.AddFilter("Grpc", LogLevel.Warning);
    }

    static void AddHostCollector(this IServiceCollection services)
    {
        services.AddSingleton<IHostSource>(provider => OperatingSystem.IsLinux()
            ? new LinuxHost(provider.GetRequiredService<TimeProvider>())
            : new PortableHost(provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<HostCollector>();
    }

    static void AddProbe(this IServiceCollection services, ProbeOptions probe) =>
        services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<Probe>(provider, probe, Target(probe)));

    static IProbeTarget Target(ProbeOptions probe)
    {
        if (probe.Url is null && TcpTarget.TryParse(probe.Tcp ?? "", out var target))
            return new TcpProbeTarget(target);
        // A connection per attempt: a probe times what a new visitor meets, and a changed address is noticed.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero };
        return new HttpProbeTarget(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }, probe.Url!);
    }
}
