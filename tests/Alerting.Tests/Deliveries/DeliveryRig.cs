using System.Collections.Concurrent;
using System.Globalization;
using Forewarn.Alerting.Notifications;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;
using Forewarn.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Forewarn.Alerting.Tests;

/// <summary>Alerting behind a real sidecar with the platform's own component files, and real servers at the other end of its bindings.</summary>
sealed class DeliveryRig : IAsyncDisposable
{
    const string Secret = "a-secret-for-signatures";

    readonly SidecarRig _rig;
    readonly ConcurrentDictionary<string, Receiver> _receivers = new(StringComparer.Ordinal);

    DeliveryRig(SidecarRig rig, SmtpSink mail, FakeServer slack, FakeServer slackHook, FakeServer hook) =>
        (_rig, Mail, Slack, SlackHook, Hook) = (rig, mail, slack, slackHook, hook);

    public SmtpSink Mail { get; }
    public FakeServer Slack { get; }
    public FakeServer SlackHook { get; }
    public FakeServer Hook { get; }
    public Reports Reports { get; } = new();
    public SidecarApp App { get; private set; } = null!;

    /// <param name="slackHook">Where the webhook of Slack will be, if not started here.</param>
    /// <param name="alertmanager">Address of an Alertmanager; the webhook's server stands in for it otherwise.</param>
    public static async Task<DeliveryRig> StartAsync(FakeServer? slackHook = null, string? alertmanager = null)
    {
        var (mail, slack, hook) = (new SmtpSink(), await FakeServer.StartAsync(), await FakeServer.StartAsync());
        slackHook ??= await FakeServer.StartAsync();
        var rig = await SidecarRig.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["FOREWARN_SMTP_HOST"] = "127.0.0.1",
                ["FOREWARN_SMTP_PORT"] = mail.Port.ToString(CultureInfo.InvariantCulture),
                ["FOREWARN_SLACK_API"] = slack.Url,
                ["FOREWARN_SLACK_AUTHORIZATION"] = "Bearer xoxb-test",
                ["FOREWARN_SLACK_WEBHOOK"] = $"{slackHook.Url}/services/T/B/x",
                ["FOREWARN_WEBHOOK_URL"] = $"{hook.Url}/base",
                ["FOREWARN_ALERTMANAGER_URL"] = alertmanager ?? hook.Url,
            },
            [.. new[] { "email", "slack", "slack-webhook", "webhook", "alertmanager" }.Select(name => File.ReadAllText(Path.Combine(Checkout.Root, "components", $"{name}.yaml")))]);
        var alerting = new DeliveryRig(rig, mail, slack, slackHook, hook);
        alerting.App = await alerting.AddAsync("first");
        return alerting;
    }

    /// <summary>A receiver with these targets.</summary>
    public string Receiver(string name, params Target[] targets)
    {
        _receivers[name] = new Receiver(name, targets);
        return name;
    }

    public static EmailTarget Email(params string[] cc) => new(Components.Email, "forewarn@example.org", ["ops@example.org", "lead@example.org"], cc);

    public static SlackTarget Bot => new(Components.Slack, "#alerts");

    public static SlackTarget Incoming => new(Components.SlackWebhook, null);

    public static WebhookTarget Webhook => new(Components.Webhook, "alerts/in", "TEST_HOOK_SECRET");

    /// <summary>As decided now: one of long ago would be given up at its first failure.</summary>
    public Task EnqueueAsync(params Notification[] notifications) => App.Service<INotificationOutbox>().EnqueueAsync(
        [.. notifications.Select(one => one with { At = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() })], TestContext.Current.CancellationToken);

    /// <summary>A history that answers for ranges.</summary>
    public Task AddHistoryAsync(Func<HttpRequest, Task<RangeResult>> range) => _rig.AddAsync(
        Apps.History, builder => builder.Logging.ClearProviders(), app => app.MapGet("/v1/range", (HttpRequest request) => range(request)), "--SelfMetrics:Enabled=false");

    /// <summary>Ends the process as hard as one can from within, and starts another in its place.</summary>
    public async Task ReplaceAsync()
    {
        await _rig.RemoveAsync(App);
        App = await AddAsync("second");
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        await Mail.DisposeAsync();
        await Slack.DisposeAsync();
        await SlackHook.DisposeAsync();
        await Hook.DisposeAsync();
    }

    Task<SidecarApp> AddAsync(string process) => _rig.AddAsync(
        Apps.Alerting,
        builder =>
        {
            builder.Logging.ClearProviders();
            builder.AddAlerting();
            builder.Services.Replace(ServiceDescriptor.Singleton<IReceivers>(new Configured(_receivers)));
            builder.Services.Replace(ServiceDescriptor.Singleton(new LeaseHolder("here", process)));
            builder.Services.AddSingleton<IDeliveryReports>(Reports);
        },
        app =>
        {
            app.MapActorsHandlers();
            app.MapDetections();
            app.MapIncidents();
            app.MapActions();
        },
        $"--TEST_HOOK_SECRET={Secret}", "--SelfMetrics:Enabled=false", "--Alerting:PublicUrl=https://watch.example.com/");

    public static bool IsSigned(Request request) =>
        request.Headers["X-Forewarn-Signature"] == WebhookChannel.Sign(Secret, request.Headers["X-Forewarn-Timestamp"], System.Text.Encoding.UTF8.GetBytes(request.Body));

    sealed class Configured(ConcurrentDictionary<string, Receiver> receivers) : IReceivers
    {
        public Receiver? Find(string name) => receivers.GetValueOrDefault(name);
    }
}

/// <summary>Keeps what deliveries report.</summary>
sealed class Reports : IDeliveryReports
{
    public ConcurrentQueue<(string Incident, DeliveryState State)> All { get; } = new();

    public Task ReportAsync(string incidentId, DeliveryState state, long at, CancellationToken cancellationToken)
    {
        if (state.Receiver != Rehearsal.Receiver.Name)
            All.Enqueue((incidentId, state));
        return Task.CompletedTask;
    }

    public IReadOnlyList<DeliveryState> Of(string channel) => [.. All.Select(report => report.State).Where(state => state.Channel == channel).Distinct()];

    public Task UntilAsync(string channel, DeliveryStatus status, int count = 1) => Eventually.Async(
        $"{count} of {channel} to be {status}", TimeSpan.FromSeconds(60), () => Task.FromResult(Of(channel).Count(state => state.Status == status) >= count),
        () => string.Join('\n', All));
}
