using System.Net.Http.Json;
using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.SystemTests;

/// <summary>
/// The circle that must not close: an alert comes in as from Prometheus, becomes an incident, is told to a real Alertmanager, and that sends
/// all it has back to the same platform.
/// </summary>
[Collection("1 crash")]
public sealed class AlertmanagerTests : IAsyncLifetime
{
    const string Entity = "db-1:9100";
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>A queue looks once a minute for what has to be said again.</summary>
    static readonly TimeSpan _repeat = TimeSpan.FromSeconds(180);

    readonly string _folder = Directory.CreateTempSubdirectory("forewarn-circle-").FullName;
    AlertmanagerProgram? _alertmanager;
    Platform? _platform;

    public async ValueTask InitializeAsync()
    {
        _alertmanager = await AlertmanagerProgram.TryStartAsync(Configuration(new Uri("http://127.0.0.1:9/")));
        Assert.SkipWhen(_alertmanager is null, "prometheus-alertmanager is not installed, and this machine has no Debian packages");
        var config = Path.Combine(_folder, "alerting.yaml");
        await File.WriteAllTextAsync(config, """
            receivers: [{ name: ops, alertmanager: { binding: alertmanager } }]
            routes: [{ name: all, receivers: ops }]
            """, TestContext.Current.CancellationToken);
        _platform = await Platform.StartAsync(environment: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["INGESTION__HOST__ENABLED"] = "false",
            ["SELFMETRICS__ENABLED"] = "false",
            ["ALERTING__CONFIGFILE"] = config,
            ["ALERTING__RESOLVEAFTERSECONDS"] = "5",
            ["FOREWARN_ALERTMANAGER_URL"] = _alertmanager!.Url,
        });
        await _alertmanager.ConfigureAsync(Configuration(_platform.Door()));
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
            await _platform.DisposeAsync();
        if (_alertmanager is not null)
            await _alertmanager.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_alert_goes_through_is_there_again_after_kill_9_of_all_ends_and_is_never_told_to_itself()
    {
        var since = TimeProvider.System.GetUtcNow().AddMinutes(-3);
        await PostAsync(since, since.AddMinutes(15));

        await ActiveAsync(_patience);
        var alert = (await _alertmanager!.AlertsAsync())[0].GetProperty("labels");
        (Text(alert, "alertname"), Text(alert, "source"), Text(alert, "severity"), Text(alert, "instance"), Text(alert, "team")).ShouldBe(("DiskFull", "forewarn", "critical", Entity, "payments"));
        await Eventually.Async("Alertmanager has sent it back", _patience, async () => await SentBackAsync() > 0, () => _alertmanager.Said);

        Signals.Send(await AlertingAsync(), Signals.Kill);
        await _alertmanager.RestartAsync();
        await ActiveAsync(_repeat);

        await PostAsync(since, TimeProvider.System.GetUtcNow());
        await Eventually.Async("the incident and the alert are over", _patience, async () =>
            (await _platform!.IncidentsAsync()).All(incident => incident.Status == IncidentStatus.Resolved) && (await _alertmanager.AlertsAsync()).Count == 0, _platform!.Logs);
        var incident = (await _platform.IncidentsAsync()).ShouldHaveSingleItem("what came back was ignored");
        (incident.Entity, incident.Kind, incident.Summary, incident.Count, incident.Reopened).ShouldBe((Entity, DetectionKind.External, "the disk of db-1 is full", 1, 0));
        incident.Timeline[^1].Text.ShouldBe("its sender says that it is over");
    }

    Task ActiveAsync(TimeSpan limit) => Eventually.Async("Alertmanager has the alert", limit, async () => (await _alertmanager!.AlertsAsync()).Count == 1, () => $"{_alertmanager!.Said}\n{_platform!.Logs()}");

    async Task PostAsync(DateTimeOffset startsAt, DateTimeOffset endsAt)
    {
        using var http = new HttpClient { BaseAddress = _platform!.Door() };
        var alert = new
        {
            labels = new { alertname = "DiskFull", instance = Entity, severity = "page", team = "payments" },
            annotations = new { summary = "the disk of db-1 is full" },
            startsAt,
            endsAt,
        };
        using var response = await http.PostAsJsonAsync("/api/v2/alerts", new[] { alert }, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Webhooks that the platform took.</summary>
    async Task<double> SentBackAsync()
    {
        var lines = (await _alertmanager!.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken)).Split('\n');
        return Sum("alertmanager_notifications_total{") - Sum("alertmanager_notifications_failed_total{");

        double Sum(string name) => lines.Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains("\"webhook\"", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }

    async Task<int> AlertingAsync() => (await _platform!.LocalStatusAsync()).GetProperty("services").EnumerateArray()
        .Single(service => service.GetProperty("name").GetString() == Apps.Alerting).GetProperty("pid").GetInt32();

    static string Text(JsonElement labels, string name) => labels.GetProperty(name).GetString()!;

    static string Configuration(Uri door) => $$"""
        route: { receiver: forewarn, group_by: ['...'], group_wait: 0s, group_interval: 1s }
        receivers:
        - name: forewarn
          webhook_configs: [{ url: '{{door}}api/alertmanager' }]
        """;
}
