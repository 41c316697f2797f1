using Forewarn.Alerting.Budgets;
using Forewarn.Alerting.Notifications;
using Forewarn.Alerting.Silences;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Routing;

static class RoutingRegistration
{
    /// <summary>Who is told: configuration, limits, silences, budgets.</summary>
    public static void AddRouting(this WebApplicationBuilder builder)
    {
        builder.AddLooped<AlertConfigSource>();
        builder.AddLooped<BindingWatch>();
        builder.Services.AddSingleton<IncidentRouting>();
        builder.Services.AddSingleton<TestAlerts>();
        builder.Services.AddSingleton<TestReports>();
        builder.Services.AddSingleton<PastIncidents>();
        builder.Services.AddSingleton<EntityDirectory>();
        builder.Services.AddSingleton<SilenceStore>();
        builder.Services.AddSingleton<SilenceAnnouncer>();
        builder.Services.AddSingleton<SilenceDesk>();
        builder.Services.AddSingleton<LeftOutTimes>();
        builder.AddLooped<SilenceBook>();
        builder.AddLooped<MaintenanceTeller>();
        builder.AddLooped<BudgetKeeper>();
        builder.Services.AddHealthNote("config", services => services.GetRequiredService<AlertConfigSource>().Note);
        builder.Services.AddHealthNote("bindings", services => services.GetRequiredService<BindingWatch>().Note);
        builder.Services.AddReadiness("silences", services => services.GetRequiredService<SilenceBook>().NotReadyBecause);
    }

    /// <summary>One instance that others ask and that works in the background.</summary>
    static void AddLooped<T>(this WebApplicationBuilder builder)
        where T : class, IHostedService
    {
        builder.Services.AddSingleton<T>();
        builder.Services.AddHostedService(services => services.GetRequiredService<T>());
    }
}
