using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Forewarn.Hosting;

/// <summary>
/// What a service tells of itself by OpenTelemetry's own variables: over OTLP with <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, and to whoever
/// asks for <c>/metrics</c> with <c>OTEL_METRICS_EXPORTER=prometheus</c>. Without either nothing is collected and nothing is paid.
/// </summary>
static class TelemetryRegistration
{
    const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT", ExporterVariable = "OTEL_METRICS_EXPORTER";
    const string Otlp = "otlp", Prometheus = "prometheus", None = "none";
    const string Path = "/metrics";

    /// <exception cref="OptionsException">An exporter that there is not.</exception>
    public static void AddTelemetry(this WebApplicationBuilder builder, string appId)
    {
        var push = !string.IsNullOrWhiteSpace(builder.Configuration[EndpointVariable]);
        var exporters = Exporters(builder.Configuration);
        if (!push && !exporters.Contains(Prometheus))
            return;
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(appId, serviceNamespace: "forewarn"))
            .WithMetrics(metrics => Collect(metrics, push && exporters.Contains(Otlp), exporters.Contains(Prometheus)));
        if (push)
            telemetry.WithTracing(tracing => tracing.AddSource("Forewarn.*").AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddOtlpExporter());
    }

    /// <summary>Answers <c>/metrics</c> where health is answered: on the app port and on <c>HEALTH_PORT</c>, and never on a listener for the outside.</summary>
    public static void UseMetricsEndpoint(this WebApplication app)
    {
        // Listens from here on: what services count while they are put together, from 0 on, would be missed until the host starts.
        _ = app.Services.GetService<MeterProvider>();
        if (!Exporters(app.Configuration).Contains(Prometheus))
            return;
        var listeners = app.Services.GetServices<PublicListener>().ToList();
        app.UseWhen(
            context => context.Request.Path == Path && !listeners.Exists(listener => listener.Has(context.Connection.LocalPort)),
            branch => branch.Use(LeaveOut).UseOpenTelemetryPrometheusScrapingEndpoint());
    }

    static void Collect(MeterProviderBuilder metrics, bool push, bool pull)
    {
        metrics.AddMeter("Forewarn.*").AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation();
        if (push)
            metrics.AddOtlpExporter();
        if (pull)
        {
            metrics.AddPrometheusExporter(exporter =>
            {
                // Boards tell services apart by it, and need no join.
                exporter.ResourceConstantLabels = attribute => attribute == "service.name";
                exporter.ScopeInfoEnabled = false;
            });
        }
    }

    /// <summary>Being asked is no request that says how fast this service answers.</summary>
    static Task LeaveOut(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpMetricsTagsFeature>() is { } tags)
            tags.MetricsDisabled = true;
        return next(context);
    }

    static HashSet<string> Exporters(IConfiguration configuration)
    {
        var names = (configuration[ExporterVariable] ?? Otlp).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        if (names.FirstOrDefault(name => name is not (Otlp or Prometheus or None)) is { } unknown)
            throw new OptionsException($"{ExporterVariable} is '{unknown}'; it must be {Otlp} (the default), {Prometheus}, both with a comma between them, or {None}.");
        return names;
    }
}
