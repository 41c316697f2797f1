using Forewarn.Gateway.Actions;
using Forewarn.Gateway.Dashboard;
using Forewarn.Gateway.Endpoints;
using Forewarn.Gateway.Exports;
using Forewarn.Gateway.Exposition;
using Forewarn.Gateway.Feedback;
using Forewarn.Gateway.Live;
using Forewarn.Gateway.Proxy;
using Forewarn.Gateway.Security;
using Forewarn.Gateway.Status;
using Forewarn.Gateway.Subscriptions;
using Forewarn.Hosting;

namespace Forewarn.Gateway;

static class Registration
{
    public static void AddGateway(this WebApplicationBuilder builder)
    {
        var options = builder.AddOptions<GatewayOptions>();
        builder.AddPublicListener(options.ParsedAddress, options.Port);

        // Two lines a forwarded request would bury everything else.
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);
        var services = builder.Services;
        services.AddHttpForwarder();
        services.AddApiDocument();
        services.AddSingleton<Telemetry>();
        services.AddSingleton(new HostGuard(options, Environment.MachineName));
        services.AddSingleton<OriginGuard>();
        services.AddSingleton<AccessGuard>();
        services.AddSingleton<SidecarForwarder>();
        services.AddSingleton(new DashboardFiles(options, AppContext.BaseDirectory));
        services.AddSingleton<ExportSlots>();
        services.AddTransient<HistoryPages>();
        services.AddSingleton<StreamHub>();
        services.AddSingleton<SchemaFrames>();
        services.AddSingleton<SchemaSource>(provider => provider.GetRequiredService<SchemaRegistry>().GetAsync);
        services.AddSingleton<LiveFigures>();
        services.AddSingleton<IncidentBook>();
        services.AddSingleton<ChampionWatch>();
        services.AddSingleton<VerdictBoard>();
        services.AddSingleton<ColumnBook>();
        services.AddSingleton<MetricsPage>();
        services.AddSingleton<FeedbackDesk>();
        services.AddSingleton<ServiceProbe>();
        services.AddSingleton<StatusCollector>();
        services.AddHostedService<StatusService>();
    }

    /// <summary>Everything people reach, behind the door, and what the sidecar reaches.</summary>
    public static void MapGateway(this WebApplication app)
    {
        app.UseMiddleware<PublicDoor>();
        app.MapProxy();
        app.MapExport();
        app.MapLive();
        app.MapMetrics();
        app.MapFeedback();
        app.MapApiDocument();
        app.MapSignIn();
        app.MapActionPage();
        app.MapDashboard();
        app.MapGatewaySubscriptions();

        var options = app.Services.GetRequiredService<GatewayOptions>();
        Log.Listening(app.Logger, options.Address, options.Port, app.Services.GetRequiredService<DashboardFiles>().Root);
    }
}
