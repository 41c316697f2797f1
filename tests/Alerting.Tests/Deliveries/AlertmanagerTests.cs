using System.Text.Json;
using Forewarn.Alerting.Notifications;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;
using Forewarn.Testing;

namespace Forewarn.Alerting.Tests;

/// <summary>Debian's Alertmanager, told by the channel.</summary>
public sealed class AlertmanagerTests : IAsyncLifetime
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>A queue looks once a minute for what has to be said again.</summary>
    static readonly TimeSpan _repeat = TimeSpan.FromSeconds(180);

    AlertmanagerProgram? _alertmanager;
    DeliveryRig? _rig;

    DeliveryRig Rig => _rig!;

    public async ValueTask InitializeAsync()
    {
        _alertmanager = await AlertmanagerProgram.TryStartAsync("""
            route: { receiver: nobody }
            receivers: [{ name: nobody }]
            """);
        Assert.SkipWhen(_alertmanager is null, "prometheus-alertmanager is not installed, and this machine has no Debian packages");
        _rig = await DeliveryRig.StartAsync(alertmanager: _alertmanager!.Url);
    }

    public async ValueTask DisposeAsync()
    {
        if (_rig is not null)
            await _rig.DisposeAsync();
        if (_alertmanager is not null)
            await _alertmanager.DisposeAsync();
    }

    [Fact]
    public async Task An_incident_is_active_there_changes_its_severity_and_is_resolved()
    {
        var receiver = Rig.Receiver("ops", new AlertmanagerTarget(Components.Alertmanager));
        var warning = Now(Samples.Rich()) with { Severity = IncidentSeverity.Warning, Labels = new Dictionary<string, string> { ["host.rack"] = "r1", ["team"] = "payments" } };
        await Rig.EnqueueAsync(Samples.Tell(warning, receiver: receiver));

        var alert = await TheAlertAsync("warning");
        alert.GetProperty("status").GetProperty("state").GetString().ShouldBe("active");
        var labels = Texts(alert, "labels");
        (labels["alertname"], labels["entity"], labels["instance"], labels["incident"]).ShouldBe(("ForewarnJoint", "web-1", "web-1", warning.Id));
        (labels["source"], labels["host_rack"], labels["team"]).ShouldBe(("forewarn", "r1", "payments"));
        var annotations = Texts(alert, "annotations");
        annotations["summary"].ShouldStartWith("system.cpu.utilization (user) at 97 %");
        annotations["description"].ShouldContain("moved first: db-1");
        alert.GetProperty("generatorURL").GetString().ShouldBe($"https://watch.example.com/incidents/{warning.Id}");

        var critical = warning with { Severity = IncidentSeverity.Critical, Kind = DetectionKind.Level, Revision = 2 };
        await Rig.EnqueueAsync(Samples.Tell(critical, NotificationKind.Worsened, receiver));
        Texts(await TheAlertAsync("critical"), "labels")["alertname"].ShouldBe("ForewarnJoint", "its name stays");

        await Rig.EnqueueAsync(Samples.Tell(critical with { Revision = 3, Status = IncidentStatus.Resolved, ResolvedAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() }, NotificationKind.Resolved, receiver));
        await Eventually.Async("no alert is left", _patience, async () => (await _alertmanager!.AlertsAsync()).Count == 0, () => _alertmanager!.Said);
    }

    [Fact]
    public async Task It_is_active_again_after_both_sides_have_lost_what_they_had_in_memory()
    {
        var receiver = Rig.Receiver("ops", new AlertmanagerTarget(Components.Alertmanager));
        await Rig.EnqueueAsync(Samples.Tell(Now(Samples.Incident()), receiver: receiver));
        await TheAlertAsync("critical");

        await _alertmanager!.RestartAsync();
        (await _alertmanager.AlertsAsync()).ShouldBeEmpty("it keeps alerts in memory");
        await Rig.ReplaceAsync();

        await Eventually.Async("the alert is told again", _repeat, async () => (await _alertmanager.AlertsAsync()).Count == 1, () => _alertmanager.Said);
    }

    async Task<JsonElement> TheAlertAsync(string severity)
    {
        IReadOnlyList<JsonElement> alerts = [];
        await Eventually.Async($"one alert of severity {severity}", _patience, async () =>
        {
            alerts = await _alertmanager!.AlertsAsync();
            return alerts.Count == 1 && Texts(alerts[0], "labels")["severity"] == severity;
        }, () => $"{string.Join('\n', alerts)}\n{_alertmanager!.Said}\n{string.Join('\n', Rig.Reports.All)}");
        return alerts[0];
    }

    static Dictionary<string, string> Texts(JsonElement alert, string name) =>
        alert.GetProperty(name).EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString()!, StringComparer.Ordinal);

    static IncidentEvent Now(IncidentEvent incident) => incident with { StartedAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 5_000 };
}
