using System.Globalization;
using Forewarn.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Forewarn.Hosting;

/// <summary>What all services share: configuration, JSON, problem details, health, telemetry, the Dapr client, time.</summary>
public static class ServiceHost
{
    /// <summary>Exit code of a process that was started with a setting it cannot use.</summary>
    const int BadSetting = 2;

    /// <summary>
    /// Creates a service that listens on loopback at <c>APP_PORT</c> (a free port without it) and talks to its sidecar at
    /// <c>DAPR_HTTP_PORT</c> and <c>DAPR_GRPC_PORT</c>.
    /// </summary>
    /// <param name="args">Command line: <c>--Section:Key=value</c> overrides an option; <c>--health</c> asks a running one and ends.</param>
    /// <param name="appId">Dapr app id; also the telemetry service name.</param>
    public static WebApplicationBuilder Create(string[] args, string appId)
    {
        HealthProbe.ExitIfAsked(args);
        AppDomain.CurrentDomain.UnhandledException += EndOnBadSetting;
        var builder = WebApplication.CreateSlimBuilder(args);
        var environment = SidecarEnvironment.Read(builder.Configuration, appId);

        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 16 * 1024 * 1024;
            kestrel.ListenLocalhostAt(environment.AppPort);
            if (environment.HealthPort > 0)
                kestrel.ListenAnyIP(environment.HealthPort);
        });
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, LargeBlocks>();
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.UseUtcTimestamp = true;
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        // Not ready yet is an answer, not an error; whoever asks gets the reason.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));

        builder.Services.AddSingleton(environment);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractJson.Default));
        builder.Services.AddProblemDetails();
        // A parameter or body that cannot be read is told with its place and reason, and not as a bare 400.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddHealthChecks();
        builder.Services.AddSidecarClients();
        builder.AddTelemetry(appId);
        builder.AddSelfMetrics();
        return builder;
    }

    /// <summary>Middleware and endpoints of every service: app token, health, subscriptions.</summary>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        app.UseMetricsEndpoint();
        app.UseMiddleware<HealthPortMiddleware>();
        app.Use(RequestLatency.MarkStreamsAsync);
        app.UseExceptionHandler(OutageHandler.Options);
        app.UseStatusCodePages();
        app.UseMiddleware<AppTokenMiddleware>();
        foreach (var endpoint in new[]
        {
            app.MapHealthChecks("/healthz/live", new() { Predicate = _ => false }),
            app.MapHealthChecks("/healthz/ready", new() { ResponseWriter = HealthReportWriter.Write }),
            app.MapSubscribeHandler(),
        })
        {
            foreach (var listener in app.Services.GetServices<PublicListener>())
                endpoint.NeverOn(listener);
        }
        return app;
    }

    /// <summary>Adds a readiness check from a delegate that returns null when ready and the reason otherwise.</summary>
    public static IServiceCollection AddReadiness(this IServiceCollection services, string name, Func<IServiceProvider, string?> notReadyBecause)
    {
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            name, provider => new DelegateHealthCheck(() => notReadyBecause(provider)), HealthStatus.Unhealthy, tags: null));
        return services;
    }

    /// <summary>Adds a line about the service to its health report, for people; absent while the delegate returns null.</summary>
    public static IServiceCollection AddHealthNote(this IServiceCollection services, string name, Func<IServiceProvider, string?> read) =>
        services.AddSingleton(new HealthNote(name, read));

    /// <summary>A bad setting ends the process with the one line that mends it, not with a stack trace.</summary>
    static void EndOnBadSetting(object sender, UnhandledExceptionEventArgs error)
    {
        if (error.ExceptionObject is not OptionsException bad)
            return;
        Console.Error.WriteLine(bad.Message);
        Environment.Exit(BadSetting);
    }

    internal static void ListenLocalhostAt(this KestrelServerOptions kestrel, int port)
    {
        // "localhost" cannot be combined with port 0, and a free port needs one address only.
        if (port == 0)
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
        else
            kestrel.ListenLocalhost(port);
    }

    internal static string Invariant(this int value) => value.ToString(CultureInfo.InvariantCulture);
}
